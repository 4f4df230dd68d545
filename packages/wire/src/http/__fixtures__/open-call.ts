import type { EventBatch } from '@headrace/core/plugin';
import { type HttpHandlers, type HttpRequest, httpCall } from '../http-call.js';
import { HttpSession, type HttpSessionOptions } from '../http-session.js';
import { lineHandlers } from './line-decoder.js';
import { TestContext } from './test-context.js';

export const REQUEST: HttpRequest = {
  method: 'POST',
  path: '/v1/answer?token=secret-query',
  headers: { authorization: 'Bearer secret-key', 'content-type': 'application/json' },
  body: '{"prompt":"private"}',
};

/** A session that ignores the machine's own proxy settings. */
export const openSession = (origin: string, options: Partial<HttpSessionOptions> = {}): HttpSession =>
  new HttpSession({ origin, env: {}, ...options });

export interface OpenCall {
  readonly context: TestContext;
  readonly batches: AsyncIterator<EventBatch, undefined>;
  /** Lines of the next batch; `undefined` at the end. */
  next(): Promise<string[] | undefined>;
  /** All lines to come. */
  rest(): Promise<string[]>;
}

export const openCall = (
  session: HttpSession,
  request: Partial<HttpRequest> = {},
  handlers: HttpHandlers = lineHandlers(),
): OpenCall => {
  const context = new TestContext();
  const all = { ...REQUEST, ...request };
  const batches: AsyncIterator<EventBatch, undefined> = httpCall(session, () => all, context, handlers)[Symbol.asyncIterator]();
  const next = async (): Promise<string[] | undefined> => {
    const { value } = await batches.next();
    return value?.events.map((event) => (event.type === 'text-delta' ? event.text : event.type));
  };
  const rest = async (): Promise<string[]> => {
    const lines: string[] = [];
    for (let batch = await next(); batch !== undefined; batch = await next()) lines.push(...batch);
    return lines;
  };
  return { context, batches, next, rest };
};
