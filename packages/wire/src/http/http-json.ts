import {
  type CallContext,
  type GatewayError,
  MalformedResponseError,
  parseJson,
  StreamInterruptedError,
} from '@headrace/core/plugin';
import type { BodyDecoder, HttpAnswer } from './body-decoder.js';
import { type HttpHandlers, type HttpRequest, httpCall } from './http-call.js';
import type { HttpSession } from './http-session.js';

const DEFAULT_MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Keeps a whole body; makes no events. */
class BodyCollector implements BodyDecoder {
  readonly answer: HttpAnswer;
  readonly #origin: string;
  readonly #chunks: Uint8Array[] = [];

  constructor(answer: HttpAnswer, origin: string) {
    this.answer = answer;
    this.#origin = origin;
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  write(bytes: Uint8Array): void {
    this.#chunks.push(bytes);
  }

  end(): void {}

  broken(cause: unknown): GatewayError {
    return new StreamInterruptedError(`The connection to ${this.#origin} broke before the answer was complete.`, {
      cause,
    });
  }
}

/** What came instead of JSON, without repeating it: the text may be private. */
const describeText = (text: string): string => {
  if (text.trim() === '') return 'an empty body';
  if (/^\s*(?:<!doctype html|<html|<head|<body)/i.test(text)) return 'an HTML page';
  return `${text.length} characters of other text`;
};

const describeType = (answer: HttpAnswer): string => {
  const type = answer.headers['content-type'];
  if (typeof type !== 'string') return 'without a content type';
  return `of the content type "${type.slice(0, 80).replace(/[^\x20-\x7e]/g, '?')}"`;
};

const parse = (text: string, answer: HttpAnswer, origin: string): unknown => {
  try {
    return parseJson(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    // The parser's own message quotes the text.
    throw new MalformedResponseError(
      `${origin} answered with ${describeText(text)} ${describeType(answer)} where JSON was expected (HTTP ${answer.status}). Check the base URL.`,
      { upstream: { status: answer.status } },
    );
  }
};

/**
 * One attempt whose answer is read whole and parsed: model lists and account calls.
 * `request.maxBodyBytes` is 32 MiB by default.
 * @throws what `httpCall` throws; MalformedResponseError when the body is not JSON, saying what came instead;
 * StreamInterruptedError when the connection breaks within the body.
 */
export const httpJson = async (
  session: HttpSession,
  request: HttpRequest,
  context: CallContext,
  failure: HttpHandlers['failure'],
): Promise<{ answer: HttpAnswer; json: unknown }> => {
  const { origin } = session;
  let body: BodyCollector | undefined;
  const bounded = { ...request, maxBodyBytes: request.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES };
  const call = httpCall(session, () => bounded, context, {
    decoder: (answer) => {
      body = new BodyCollector(answer, origin);
      return body;
    },
    failure,
  });
  // A collector makes no events, so the first result is the end.
  await call[Symbol.asyncIterator]().next();
  if (body === undefined) throw new MalformedResponseError(`${origin} gave no answer.`);
  return { answer: body.answer, json: parse(body.text, body.answer, origin) };
};
