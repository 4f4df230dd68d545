import type { CallContext, GatewayError, Secret } from '@headrace/core/plugin';

/** What a call is authorised with. */
export interface SentKey {
  /** Absent: none is sent. */
  readonly token: Secret | undefined;
  /** Hears how its call went, where anything depends on that. @param failure absent when it was answered */
  readonly judge?: ((failure: GatewayError | undefined, context: Pick<CallContext, 'warn'>) => void) | undefined;
}

/** Finds what a call is authorised with, anew for each. */
export interface KeySource<Key extends SentKey> {
  /**
   * A promise only where a file, the network or a turn is needed.
   * @param name of the one to use, where there are several; default: the next in turn.
   * @param model that the call is for; none: a list of models or the like.
   * @throws, or rejects with, MissingCredentialError, CredentialRejectedError and the like, before anything is sent.
   */
  find(name?: string, model?: string): Key | Promise<Key>;
}
