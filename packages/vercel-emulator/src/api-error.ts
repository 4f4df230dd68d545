import { jsonReply, type WholeReply } from './reply.js';

export interface ErrorMembers {
  readonly message: string;
  readonly type: string;
  readonly param?: unknown;
  readonly code?: string;
  /** In Anthropic's dialect only. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** An answer that is an error, thrown where it is found and sent by the server. */
export class ApiError extends Error {
  readonly status: number;
  readonly members: ErrorMembers;
  /** Members beside `error`: `generationId`, `providerMetadata`. */
  readonly beside: Readonly<Record<string, unknown>>;

  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    members: ErrorMembers,
    beside: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(members.message);
    this.name = 'ApiError';
    this.status = status;
    this.members = members;
    this.beside = beside;
    this.headers = headers;
  }

  /** @param toBody the body in another dialect; default `{ error, … }` */
  reply(
    headers: Readonly<Record<string, string>> = {},
    toBody: (error: ApiError) => unknown = ({ members, beside }) => ({ error: members, ...beside }),
  ): WholeReply {
    return jsonReply(this.status, toBody(this), { ...this.headers, ...headers });
  }
}

const INVALID_REQUEST = 'invalid_request_error';

/** 400. @param param the name of the offending field, absent when the body as a whole is at fault */
export function invalidRequest(message: string, param?: string, code: string = INVALID_REQUEST): ApiError {
  return new ApiError(400, { message, type: INVALID_REQUEST, ...(param === undefined ? {} : { param }), code });
}

export function unauthenticated(): ApiError {
  const message = 'Invalid or missing credential: send an AI Gateway API key or a Vercel OIDC token as a bearer token';
  return new ApiError(401, { message, type: 'authentication_error' });
}

export function insufficientFunds(): ApiError {
  const message =
    'Insufficient funds: the balance of this account is used up. Top up your credits at https://vercel.com/dashboard/ai-gateway';
  return new ApiError(402, { message, type: 'insufficient_funds' });
}

export function modelNotFound(modelId: string): ApiError {
  return new ApiError(404, { message: `Model '${modelId}' not found`, type: 'model_not_found', param: { modelId } });
}

const USES = new Map([
  ['language', 'text generation'],
  ['embedding', 'embeddings'],
  ['reranking', 'reranking'],
  ['image', 'image generation'],
]);

/** @param wanted the type of model that was asked for */
export function modelTypeMismatch(modelId: string, type: string, wanted: string): ApiError {
  const message = `Model '${modelId}' is a model of type ${type} and cannot be used for ${USES.get(wanted) ?? wanted}`;
  const name = 'ModelTypeMismatchError';
  return new ApiError(400, {
    message,
    type: name,
    param: { error: message, type: name, statusCode: 400, name, message },
  });
}

export function bodyTooLarge(limit: number): ApiError {
  return new ApiError(413, { message: `Request body is larger than ${limit} bytes`, type: INVALID_REQUEST });
}

/** 503 after every provider failed. @param gateway what stands under `providerMetadata.gateway` */
export function serviceUnavailable(gateway: Readonly<Record<string, unknown>>): ApiError {
  const message = 'The service is temporarily unavailable. Please try again shortly.';
  return new ApiError(503, { message, type: 'service_unavailable_error' }, { providerMetadata: { gateway } });
}
