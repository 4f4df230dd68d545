import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EmulatorOptions, VercelEmulator } from './emulator-options.js';
import { createState } from './emulator-state.js';
import { handleRequest } from './request-handler.js';
import { createRequestLog } from './request-log.js';
import { RequestRecording } from './request-recording.js';

const LOOPBACK = '127.0.0.1';
const DEFAULT_RECORDED = 1000;
// Longer than clients keep idle connections, so that none is reused in the moment it is closed here.
const KEEP_ALIVE_MS = 65_000;

/** Backslashes and repeated slashes at the front would make a host of what follows them. */
const requestUrl = (target = '/'): URL => new URL(`/${target.replace(/^[/\\]+/, '')}`, `http://${LOOPBACK}`);

/**
 * Starts a server on 127.0.0.1 that behaves as the documentation of Vercel AI Gateway says, without any model behind it.
 * @throws the error of listening, such as `EADDRINUSE`; ZodError when a fault has no valid form, TypeError when `account` or `providerHealth` has none
 */
export async function startVercelEmulator(options: EmulatorOptions = {}): Promise<VercelEmulator> {
  const state = createState(options);
  const log = createRequestLog(options.maxRecordedRequests ?? DEFAULT_RECORDED);
  let count = 0;
  let isClosing = false;

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const url = requestUrl(request.url);
    const record = new RequestRecording(request, url, state.clock.now());
    log.add(record);
    const over = new AbortController();
    let isOurs = false;
    // A broken connection also raises errors here; 'close' follows and says all there is to say.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    response.on('close', () => {
      if (!response.writableFinished && !isOurs && !isClosing) record.closedEarly = true;
      over.abort();
      record.settle(state.clock.now());
      try {
        options.onSettled?.(record);
      } catch {
        // A log that fails must not take the server with it.
      }
    });
    count += 1;
    const onReset = (): void => {
      isOurs = true;
    };
    handleRequest(request, response, { url, record, state, signal: over.signal, id: count, onReset }).catch(() => {
      // Only a defect of the emulator itself leads here; the client sees a broken connection, never a wrong answer.
      response.destroy();
    });
  };

  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, noDelay: true }, serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      isClosing = true;
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };

  return {
    url,
    baseUrl: `${url}/v1`,
    requests: log.requests,
    script: (...steps) => state.faults.add(steps),
    close,
    [Symbol.asyncDispose]: close,
  };
}
