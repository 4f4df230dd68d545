import { upstreamText } from '@headrace/wire/provider';
import type { Credential } from './vercel-credentials.js';

/** What is known of the call when its answer is an error. */
export interface FailureContext {
  /** Where the call went. */
  readonly origin: string;
  /** The credential that was sent; absent for calls that need none. */
  readonly credential?: Credential | undefined;
  /** Other secrets that were sent: keys of the caller's own for providers behind the gateway. */
  readonly ownKeys?: readonly string[];
  readonly epochMs: number;
  /** The error stands inside an answer of status 200. Default false. */
  readonly isInBand?: boolean;
}

/** Upstream's words without the credentials that this call sent. */
export const toldIn = ({ credential, ownKeys = [] }: FailureContext, text: string): string =>
  upstreamText(text, credential === undefined ? ownKeys : [credential.token.reveal(), ...ownKeys]);
