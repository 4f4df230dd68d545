/** Why no new OIDC token was to be had. Never holds a token, nor what a file or an answer said. */
export class RefreshFault extends Error {
  override readonly name = 'RefreshFault';

  /**
   * @param problem a sentence for a message that has said already what was tried.
   * @param remedy a sentence: what the reader can do.
   * @param isUnlinked this folder belongs to no Vercel project, so there was nothing to try.
   */
  constructor(
    readonly problem: string,
    readonly remedy: string,
    readonly isUnlinked = false,
  ) {
    super(`${problem} ${remedy}`);
  }
}
