import {
  type Clock,
  CredentialRejectedError,
  errorFromStatus,
  ForbiddenError,
  GatewayError,
  ModelNotFoundError,
  type Secret,
  standaloneContext,
} from '@headrace/core/plugin';
import { type HttpRequest, HttpSession, httpJson } from '@headrace/wire';
import type { HttpConnection } from '@headrace/wire/provider';
import type { ProjectLink } from './project-link.js';
import { RefreshFault } from './refresh-fault.js';

const MOST_BYTES = 64 * 1024;

export interface TokenRoute {
  /** The one origin that gets the login. */
  readonly apiOrigin: string;
  readonly userAgent: string;
  readonly connection: HttpConnection;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const faultOf = (error: GatewayError, { projectId }: ProjectLink, apiOrigin: string): RefreshFault => {
  if (error instanceof CredentialRejectedError || error instanceof ForbiddenError)
    return new RefreshFault(
      `${apiOrigin} does not let the login of the Vercel CLI have a token of the project ${projectId} (HTTP ${error.upstream?.status}).`,
      'Run "vercel login", and "vercel link" for the right team.',
    );
  if (error instanceof ModelNotFoundError)
    return new RefreshFault(`${apiOrigin} knows no project ${projectId}.`, 'Run "vercel link" again.');
  return new RefreshFault(error.message, 'Try again, or run "vercel env pull".');
};

/**
 * Asks the Vercel API for an OIDC token of a project: the JSON it answered with.
 * @throws RefreshFault, without what the answer said: it may hold a token.
 */
export const askForToken = async (login: Secret, link: ProjectLink, route: TokenRoute): Promise<unknown> => {
  const { apiOrigin, connection, clock, signal, userAgent } = route;
  const team = link.teamId === undefined ? '' : `&teamId=${encodeURIComponent(link.teamId)}`;
  const request: HttpRequest = {
    method: 'POST',
    path: `/v1/projects/${encodeURIComponent(link.projectId)}/token?source=vercel-oidc-refresh${team}`,
    headers: { accept: 'application/json', authorization: `Bearer ${login.reveal()}`, 'user-agent': userAgent },
    maxBodyBytes: MOST_BYTES,
  };
  const session = new HttpSession({ ...connection, origin: apiOrigin });
  const context = standaloneContext({ signal, clock });
  try {
    const { json } = await httpJson(session, request, context, ({ status }) =>
      errorFromStatus(status, `${apiOrigin} gave no token.`),
    );
    return json;
  } catch (error) {
    if (!GatewayError.is(error)) throw error;
    throw faultOf(error, link, apiOrigin);
  } finally {
    context.release();
    void session.close();
  }
};
