import { wait } from '../../script/answer-step.js';
import type { RecordedRequest } from '../../upstream/recorded-request.js';
import { status, type UpstreamStep, write } from '../../upstream/upstream-step.js';
import type { FaultScript, Scene } from '../fault.js';
import { JSON_BODY, SSE } from '../lab-answer.js';

/** The beginning of an answer that a request gives, for the model to go on from. */
export const prefillOf = ({ json }: RecordedRequest): string => {
  const { messages } = json as {
    readonly messages?: readonly { readonly role?: unknown; readonly content?: unknown }[];
  };
  const last = messages?.at(-1);
  return last?.role === 'assistant' && typeof last.content === 'string' ? last.content : '';
};

/** The whole body of the healthy answer. */
export const bodyOf = ({ answer, delivery }: Scene): string =>
  delivery === 'stream' ? answer.frames.join('') : JSON.stringify(answer.reply);

/** Headers of the healthy answer. */
export const headersOf = ({ delivery }: Scene): Readonly<Record<string, string>> =>
  delivery === 'stream' ? SSE : JSON_BODY;

/** Status and headers of the healthy answer. */
export const head = (scene: Scene): UpstreamStep => status(200, headersOf(scene));

/** Half of the whole answer's body: enough to hold part of the text, not enough to parse. */
export const halfReply = ({ answer }: Scene): string => {
  const body = JSON.stringify(answer.reply);
  return body.slice(0, Math.floor(body.length / 2));
};

/** The frames of the first pieces, the role before them. */
export const firstFrames = ({ answer }: Scene, pieces: number): readonly string[] =>
  answer.content.slice(0, 1 + pieces);

/**
 * An answer that begins well. A stream: its first pieces, and the caller has seen them when the next step is played.
 * A whole answer: half of its body.
 */
export const beginning = (scene: Scene, pieces: number): readonly UpstreamStep[] => {
  if (scene.delivery === 'whole') return [status(200, JSON_BODY), write(halfReply(scene))];
  const frames = firstFrames(scene, pieces).map(write);
  const shown = pieces === 0 ? [] : [wait(scene.seen(scene.answer.begin(pieces).length))];
  return [status(200, SSE), ...frames, ...shown];
};

/** The answer, complete, as it was asked for; what is left of it for a request that gives its beginning. */
export const healthy: FaultScript = ({ answer, delivery, request }) =>
  answer.after(prefillOf(request)).healthy(delivery);

/** The fault for the first request, then the answer. */
export const once =
  (script: FaultScript): FaultScript =>
  (scene) =>
    scene.nth === 1 ? script(scene) : healthy(scene);

/** Bytes as one HTTP chunk on the wire, for bodies that are written by hand. */
export const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
