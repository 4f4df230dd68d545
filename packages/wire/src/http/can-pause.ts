import type { HttpAnswer } from './body-decoder.js';

/**
 * Whether undici may be told to pause the body of this answer. Its parser fails an assertion, which ends the process, when
 * a connection that is not kept alive ends or breaks while paused (seen with 7.30.2). Chunked answers on a kept
 * connection are safe; HTTP/1.0 has no chunks, and its version cannot be seen here.
 */
export const canPause = (headers: HttpAnswer['headers']): boolean =>
  /chunked/i.test(String(headers['transfer-encoding'])) && !/close/i.test(String(headers['connection']));
