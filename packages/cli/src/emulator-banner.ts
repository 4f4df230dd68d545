import { EMULATOR_KEY } from './emulator-key.js';
import type { Paint } from './paint.js';

const MODEL = 'openai/gpt-6-luna';

export interface EmulatorPlace {
  /** Origin. */
  readonly url: string;
  readonly baseUrl: string;
  /** Keys were given, which are not shown again: one may be real. */
  readonly ownKeys: boolean;
}

/** Where the emulator is and how a client is sent to it. */
export const emulatorBanner = ({ url, baseUrl, ownKeys }: EmulatorPlace, paint: Paint): readonly string[] => {
  const key = ownKeys ? 'the one given with --key' : `${EMULATOR_KEY}, or any that starts with vck_`;
  const body = `{"model":"${MODEL}","messages":[{"role":"user","content":"Hi"}]}`;
  return [
    `${paint.bold('Vercel AI Gateway, emulated')} at ${paint.bold(paint.cyan(url))}`,
    'No model is behind it: answers are made up, and say so. Nothing leaves this machine.',
    '',
    `  base URL  ${baseUrl} for OpenAI clients`,
    `            ${url} for Anthropic clients`,
    `            ${url}/v4/ai for the AI SDK 7; /v3/ai for 6, /v1/ai for 5`,
    `  key       ${key}`,
    '',
    'In the shell of a client:',
    '',
    `  export AI_GATEWAY_API_KEY=${ownKeys ? 'KEY' : EMULATOR_KEY}`,
    `  export AI_GATEWAY_BASE_URL=${url}`,
    '',
    'Or try it:',
    '',
    `  curl ${baseUrl}/chat/completions -H 'authorization: Bearer ${ownKeys ? 'KEY' : EMULATOR_KEY}' \\`,
    `    -H 'content-type: application/json' \\`,
    `    -d '${body}'`,
    '',
    paint.dim('Ctrl-C stops it.'),
  ];
};
