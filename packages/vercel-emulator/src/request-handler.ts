import type { IncomingMessage, ServerResponse } from 'node:http';
import { creditsRoute, generationRoute } from './account-routes.js';
import { ApiError } from './api-error.js';
import { readAttribution } from './attribution.js';
import { chatRoute } from './chat-route.js';
import { Connection } from './connection.js';
import { requireCredential } from './credentials.js';
import { deliver, stopFault } from './deliver.js';
import { documentedError } from './documented-errors.js';
import { embeddingsRoute } from './embeddings-route.js';
import type { EmulatorState } from './emulator-state.js';
import { type AppliedFault, faultOf } from './fault.js';
import { FAULT_HEADER, parseFaultHeader } from './fault-header.js';
import { faultReply } from './fault-reply.js';
import { imageEditsRoute, imageGenerationsRoute } from './images-route.js';
import { countTokensRoute, messagesRoute } from './messages-route.js';
import { listModelsRoute, modelEndpointsRoute, modelRoute } from './models-route.js';
import { nativeConfigRoute } from './native-config-route.js';
import { nativeLanguageRoute } from './native-language-route.js';
import { nativeEmbeddingRoute, nativeImageRoute, nativeRerankingRoute } from './native-other-routes.js';
import { emptyReply, htmlReply, type Reply } from './reply.js';
import { reportRoute } from './report-route.js';
import { parseBody, readBody } from './request-body.js';
import type { RequestRecording } from './request-recording.js';
import { rerankRoute } from './rerank-route.js';
import { responsesRoute } from './responses-route.js';
import type { Route } from './route.js';

/** The request header that sets the pace of its own stream, in tokens per second; 0 for none. */
export const PACE_HEADER = 'x-emulator-tokens-per-second';

const ROUTES: readonly Route[] = [
  chatRoute,
  messagesRoute,
  countTokensRoute,
  responsesRoute,
  embeddingsRoute,
  imageEditsRoute,
  imageGenerationsRoute,
  rerankRoute,
  nativeConfigRoute,
  nativeLanguageRoute,
  nativeEmbeddingRoute,
  nativeRerankingRoute,
  nativeImageRoute,
  listModelsRoute,
  modelEndpointsRoute,
  modelRoute,
  creditsRoute,
  generationRoute,
  reportRoute,
];

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function pace(request: IncomingMessage, state: EmulatorState): number {
  const asked = Number(headerText(request.headers[PACE_HEADER]) ?? Number.NaN);
  return Number.isFinite(asked) && asked >= 0 ? asked : state.tokensPerSecond;
}

function takeFaults(
  request: IncomingMessage,
  path: string,
  atPath: readonly Route[],
  state: EmulatorState,
): readonly AppliedFault[] {
  const header = headerText(request.headers[FAULT_HEADER]);
  // A request that asks for its own faults leaves the scripted ones to others.
  if (header !== undefined) return parseFaultHeader(header);
  return state.faults.take(
    path,
    atPath.some(({ failureRecord }) => failureRecord !== undefined),
  );
}

async function answer(
  request: IncomingMessage,
  url: URL,
  atPath: readonly Route[],
  record: RequestRecording,
  state: EmulatorState,
): Promise<Reply | undefined> {
  record.faults = takeFaults(request, url.pathname, atPath, state);
  if (faultOf(record.faults, 'no-answer') !== undefined) return undefined;

  const bytes = await readBody(request, state.maxBodyBytes);
  const body = await parseBody(bytes, request.headers['content-type']);
  record.bodyBytes = bytes.length;
  record.body = body ?? (bytes.length === 0 ? undefined : bytes.toString('utf8'));
  record.attribution = readAttribution(request.headers, body);
  if (faultOf(record.faults, 'hang') !== undefined) return undefined;
  const route = atPath.find(({ method }) => method === request.method);
  const routeRequest = {
    headers: request.headers,
    query: url.searchParams,
    params: (route?.path.exec(url.pathname) ?? []).slice(1).map(decoded),
    body,
    attribution: record.attribution,
    faults: record.faults,
  };
  const forced = await faultReply(route, routeRequest, state);
  if (forced !== undefined) return forced;

  if (atPath.length === 0) return htmlReply(404);
  if (route === undefined) return emptyReply(405, { allow: atPath.map(({ method }) => method).join(', ') });
  if (route.needsCredential) requireCredential(request.headers, route, state.credentials, state.clock.now());
  return route.answer(routeRequest, state);
}

/**
 * Serves one request from its first byte to its last.
 * @param id a number of the request, for `x-vercel-id`
 * @param signal aborts when the connection is over
 * @param onReset called before the connection is broken off on purpose
 */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  {
    url,
    record,
    state,
    signal,
    id,
    onReset,
  }: {
    url: URL;
    record: RequestRecording;
    state: EmulatorState;
    signal: AbortSignal;
    id: number;
    onReset: () => void;
  },
): Promise<void> {
  const atPath = ROUTES.filter(({ path }) => path.test(url.pathname));
  if (atPath[0]?.takesApiKeyHeader === true) record.readCredential(request.headers, true);
  let reply: Reply | undefined;
  try {
    reply = await answer(request, url, atPath, record, state);
  } catch (error) {
    if (signal.aborted) return;
    reply = (error instanceof ApiError ? error : documentedError(500)).reply({}, atPath[0]?.errorBody);
  }
  if (reply === undefined || signal.aborted) return;
  const { faults } = record;
  const splitSizes = faultOf(faults, 'split')?.sizes;
  await deliver(reply, {
    connection: new Connection(response, { splitSizes, byteLimit: stopFault(faults)?.afterBytes }, signal),
    faults,
    clock: state.clock,
    tokensPerSecond: pace(request, state),
    framesPerWrite: state.framesPerWrite,
    headers: { 'x-headrace-emulated': 'true', 'x-vercel-id': `emu1::emu1::${id}` },
    record,
    onReset,
  });
}
