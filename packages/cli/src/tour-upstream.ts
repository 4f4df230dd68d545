/** Whom the tour talks to, and how to say so in its first line. */
export interface TourUpstream {
  readonly emulator: boolean;
  readonly announcement: string;
}

const CREDENTIALS: readonly (readonly [variable: string, what: string])[] = [
  ['AI_GATEWAY_API_KEY', 'the key in AI_GATEWAY_API_KEY'],
  ['VERCEL_OIDC_TOKEN', 'the OIDC token in VERCEL_OIDC_TOKEN'],
];

const originOf = (url: string): string => {
  try {
    return new URL(url).origin;
  } catch {
    return 'the address in AI_GATEWAY_BASE_URL';
  }
};

/** The real gateway when there is a credential for it, else the emulator. Never holds a credential's value. */
export const tourUpstream = (
  env: Readonly<Record<string, string | undefined>>,
  askForEmulator: boolean,
): TourUpstream => {
  const credential = CREDENTIALS.find(([variable]) => (env[variable] ?? '').trim() !== '');
  if (askForEmulator || credential === undefined) {
    const why = askForEmulator ? 'as asked for.' : 'no key found. Set AI_GATEWAY_API_KEY to talk to the real one.';
    return { emulator: true, announcement: `Talking to the built-in emulator of Vercel AI Gateway: ${why}` };
  }
  const baseUrl = (env['AI_GATEWAY_BASE_URL'] ?? '').trim();
  const where =
    baseUrl === '' ? 'the real Vercel AI Gateway' : `the gateway at ${originOf(baseUrl)} (AI_GATEWAY_BASE_URL)`;
  return { emulator: false, announcement: `Talking to ${where} with ${credential[1]}; costs a fraction of a cent.` };
};
