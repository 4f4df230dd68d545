import { type Clock, Secret } from '@headrace/core/plugin';
import * as z from '@headrace/core/zod';
import type { Environment } from '@headrace/wire/provider';
import { type HttpConnection, keyFault } from '@headrace/wire/provider';
import { findCliLogin } from './cli-login.js';
import { findProjectLink, type ProjectLink } from './project-link.js';
import { RefreshFault } from './refresh-fault.js';
import { expiryOf, type Freshness, freshnessOf } from './token-expiry.js';
import { TokenFile } from './token-file.js';
import { askForToken } from './token-route.js';
import { tokenFolder } from './user-folders.js';

export interface RefreshWork {
  readonly env: Environment;
  readonly clock: Clock;
  /** Where the search for `.vercel/project.json` begins. Default: the folder of the process. */
  readonly projectDir: string | undefined;
  readonly apiOrigin: string;
  readonly userAgent: string;
  readonly connection: HttpConnection;
  /** A token that the gateway did not accept: it may still be the kept one. */
  readonly refused: Secret | undefined;
  /** Ends a request to the API. */
  readonly signal: AbortSignal;
}

export interface RefreshedToken {
  readonly token: Secret;
  /** ms since the epoch; undefined when the token does not say. */
  readonly expiresAt: number | undefined;
}

const answerSchema = z.object({ token: z.string().min(1) });

const withExpiry = (token: Secret): RefreshedToken => ({ token, expiresAt: expiryOf(token.reveal()) });

const keptToken = async (
  file: TokenFile | undefined,
  { clock, refused }: RefreshWork,
): Promise<(RefreshedToken & { readonly freshness: Freshness }) | undefined> => {
  const token = await file?.read();
  if (token === undefined || keyFault(token.reveal()) !== undefined) return undefined;
  if (token.reveal() === refused?.reveal()) return undefined;
  const kept = withExpiry(token);
  return { ...kept, freshness: freshnessOf(kept.expiresAt, clock.epochMs()) };
};

const newToken = async (link: ProjectLink, work: RefreshWork): Promise<RefreshedToken> => {
  const { env, clock } = work;
  const login = await findCliLogin(env, clock.epochMs());
  const asked =
    login.kind === 'token'
      ? await askForToken(login.token, link, work)
      : await (await import('./cli-token.js')).askCliForToken(link, env);
  const who = login.kind === 'token' ? work.apiOrigin : 'The Vercel CLI';
  const { data } = answerSchema.safeParse(asked);
  if (data === undefined || keyFault(data.token) !== undefined)
    throw new RefreshFault(`${who} answered with something that is no token.`, 'Run "vercel env pull".');
  const fresh = withExpiry(new Secret(data.token));
  if (freshnessOf(fresh.expiresAt, clock.epochMs()) === 'spent')
    throw new RefreshFault(`${who} gave a token that has expired already.`, 'Check the clock of this machine.');
  return fresh;
};

const startFolder = (): string => {
  try {
    return process.cwd();
  } catch {
    throw new RefreshFault('The folder of this process is gone.', 'Start it in the folder of the project.', true);
  }
};

/**
 * Takes the OIDC token of the Vercel project that the folder is linked to: the one that Vercel's tools have kept, where
 * it still lives, else a new one, which is kept for them in turn.
 * @throws RefreshFault
 */
export const refreshToken = async (work: RefreshWork): Promise<RefreshedToken> => {
  const { env } = work;
  const link = await findProjectLink(work.projectDir ?? startFolder());
  const folder = tokenFolder(env, process.platform);
  const file = folder === undefined ? undefined : new TokenFile(folder, link.projectId);
  const kept = await keptToken(file, work);
  if (kept?.freshness === 'good') return kept;
  try {
    const fresh = await newToken(link, work);
    // Where it cannot be kept it is used all the same, and fetched again by the next process.
    await file?.write(fresh.token);
    return fresh;
  } catch (error) {
    if (kept?.freshness === 'old') return kept;
    throw error;
  }
};
