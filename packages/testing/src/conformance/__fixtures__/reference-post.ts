import http from 'node:http';
import https from 'node:https';
import { type Readable, Transform } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { type CallContext, MalformedResponseError, type StreamEvent, StreamInterruptedError, TransportError } from '@headrace/core/plugin';
import type { ChatDecoder } from './chat-decoder.js';
import type { Defect, Progress, Sent } from './defect.js';
import type { Inbox } from './inbox.js';
import { referenceRefusal } from './reference-refusal.js';
import type { ResultDecoder } from './result-decoder.js';

/** One call under way. */
export interface Running {
  readonly decoder: ChatDecoder | ResultDecoder;
  readonly inbox: Inbox;
  readonly progress: { -readonly [Name in keyof Progress]: Progress[Name] };
}

export interface Agents {
  readonly http: http.Agent;
  readonly https: https.Agent;
}

/** Puts into the inbox what the decoder makes of a read, before its failure. */
const decode = ({ inbox, progress }: Running, defect: Defect, read: (events: StreamEvent[]) => void): void => {
  const { request, context } = progress;
  const events: StreamEvent[] = [];
  let failure: { readonly error: unknown } | undefined;
  try {
    read(events);
  } catch (error) {
    failure = { error };
  }
  const { said } = defect;
  inbox.put({ events: said === undefined ? events : events.flatMap((event) => said(event, request, context)) });
  if (failure !== undefined) inbox.fail(failure.error);
};

/** Batches that may wait for the reader before the upstream is held back. */
const MAX_WAITING = 16;

const keepPace = (body: Readable, { inbox, progress }: Running, defect: Defect): void => {
  if (inbox.waiting < MAX_WAITING || defect.pauses?.() === false) return;
  progress.isPaused = true;
  body.pause();
  inbox.onEmpty = () => {
    progress.isPaused = false;
    body.resume();
  };
  // A reader that is there has taken them by then.
  setImmediate(() => {
    if (inbox.waiting >= MAX_WAITING && defect.drops?.() === true) inbox.dropFirst();
  });
};

/** As nobody ought to: each piece as if it were a whole answer. */
const unpackerOfPieces = (): Transform =>
  new Transform({
    transform(piece: Buffer, _coding, done) {
      try {
        done(null, gunzipSync(piece));
      } catch (error) {
        done(error as Error);
      }
    },
  });

const unpacked = (answer: http.IncomingMessage, { inbox }: Running, defect: Defect): Readable => {
  const { headers } = answer;
  const coding = headers['content-encoding'];
  if (coding === 'gzip' && defect.unpacks?.(headers) !== false) {
    const unpacker =
      defect.unpacksAlone?.(headers) === true ? unpackerOfPieces() : createGunzip({ flush: constants.Z_SYNC_FLUSH });
    const body = answer.pipe(unpacker);
    return body.on('error', (cause) => inbox.fail(new StreamInterruptedError('the packed answer is cut', { cause })));
  }
  if (coding !== undefined && coding !== 'gzip' && defect.takesCoding?.(coding) !== true) {
    inbox.fail(new MalformedResponseError('it is in an unknown encoding'));
  }
  return answer;
};

const hear = (answer: http.IncomingMessage, running: Running, tell: CallContext['onPhase'], defect: Defect): void => {
  const { decoder, inbox, progress } = running;
  const { request } = progress;
  const { statusCode: status = 0, headers } = answer;
  let refusal = '';
  let reads = 0;
  const body = unpacked(answer, running, defect);
  answer.on('data', (bytes: Buffer) => {
    progress.hasBytes = true;
    tell('bytes', bytes.length);
  });
  body.on('data', (bytes: Buffer) => {
    reads += 1;
    const read = defect.read?.(bytes, { request, status, headers, reads }) ?? bytes;
    if (status !== 200) refusal += read.toString();
    else decode(running, defect, (events) => decoder.write(read, events));
    keepPace(body, running, defect);
  });
  answer.on('error', (cause) => inbox.fail(new StreamInterruptedError('the connection broke within the answer', { cause })));
  body.on('end', () => {
    if (status !== 200) {
      const instead = defect.refused?.({ status, headers, body: refusal, request });
      inbox.fail(instead ?? referenceRefusal(status, headers, refusal));
    } else if (headers['content-type']?.startsWith('text/html') === true) {
      inbox.fail(new MalformedResponseError('HTML came'));
    } else decode(running, defect, (events) => decoder.end(events));
    inbox.end();
  });
};

/** Sends one request; what comes of it goes into the inbox. */
export const post = (url: URL, sent: Sent, running: Running, agents: Agents, defect: Defect): http.ClientRequest => {
  const { inbox, progress } = running;
  const isSecure = url.protocol === 'https:';
  const tell: CallContext['onPhase'] = (...phase) => {
    if (defect.tells?.(phase[0]) !== false) progress.context.onPhase(...phase);
  };
  let isAnswered = false;
  const options = { method: 'POST', agent: isSecure ? agents.https : agents.http, headers: sent.headers };
  const request = (isSecure ? https : http).request(url, options, (answer) => {
    isAnswered = true;
    progress.isTelling = true;
    tell('headers');
    progress.isTelling = false;
    progress.hasHeaders = true;
    const { location } = answer.headers;
    if (location !== undefined && defect.follows?.(answer.statusCode ?? 0, location) === true) {
      post(new URL(location, url), sent, running, agents, defect);
    } else hear(answer, running, tell, defect);
  });
  request.on('information', () => {
    if (defect.takesHints?.() === true) inbox.fail(new MalformedResponseError('hints came'));
  });
  request.on('finish', () => {
    progress.isSent = true;
  });
  request.on('socket', (socket) => {
    if (!socket.connecting) tell('connected');
    else socket.once(isSecure ? 'secureConnect' : 'connect', () => tell('connected'));
  });
  request.on('error', (cause) => {
    // Newer versions of Node tell a break within the answer to the request as well, and first.
    if (!isAnswered) inbox.fail(new TransportError('no answer came', { cause }));
  });
  return request.end(sent.body);
};
