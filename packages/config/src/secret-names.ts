/** Ends of words that name secrets, such as `apikey` and `cookies`. */
const SECRET_END = /(?:key|token|secret|password|passwd|passphrase|credential|authorization|cookie)s?$/;
const SECRET_START = /^(?:api|access|secret|private)key/;
const SECRET_WORD =
  /^(?:auth|authentication|bearer|byok|headers?|jwt|login|pass|pem|pfx|pin|private|pwd|sig|signature|ssl|tls)$/;

const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

/** Whether a member of this name, or something below it, may be a secret: `X-Auth`, `accessKeyId`, `tls`, `headers`. */
export const isSecretName = (name: string): boolean =>
  wordsOf(name).some((word) => SECRET_END.test(word) || SECRET_START.test(word) || SECRET_WORD.test(word));

/** Whether it names several of them, which may have names of their own: `apiKeys`. */
export const isListOfSecrets = (name: string): boolean => /(?:key|token)s$/.test(wordsOf(name).at(-1) ?? '');
