import type { FailureClass, GatewayError } from '@headrace/core';
import { duration } from './figures.js';

const BY_CODE: Readonly<Record<string, string>> = {
  'missing-credential': 'Set AI_GATEWAY_API_KEY, or try --emulator, which needs no key.',
  'attempts-exhausted': 'Try again later, or allow more with --max-attempts.',
  'deadline-timeout': 'Allow more time with --timeout.',
  'output-invalid': 'Try again, simplify the schema, or take another model.',
};

const BY_CLASS: Readonly<Partial<Record<FailureClass, string>>> = {
  'context-length': 'Shorten the input, or take a model with a larger context: headrace models.',
  'content-policy': 'Change the prompt, or take another model.',
  credential: 'Check AI_GATEWAY_API_KEY; keys are made in the AI Gateway tab of the Vercel dashboard.',
  forbidden: 'Ask the owner of the key to allow this, or take another model.',
  quota: 'Add credit or raise the budget of the key; waiting does not help.',
  rate: 'Wait a little and try again.',
  capacity: 'Try again later, or take another model.',
  upstream: 'Try again; if it stays, take another model.',
  transport: 'Check the network, proxy settings and --base-url.',
  silence: 'Try again, or take a faster model.',
  truncated: 'Try again; what was printed is not the answer.',
  malformed: 'Check --base-url: something other than the gateway may have answered.',
  'model-not-found': 'headrace models --filter TEXT finds the right id.',
};

/** What is told otherwise where keys and addresses stand in a file of configuration, by code or class. */
const OF_FILE: Readonly<Record<string, string>> = {
  'missing-credential': 'Give the provider its key in the configuration, or set the variable that it reads.',
  credential: 'Check the key of this provider in the configuration.',
  transport: 'Check the network, proxy settings and the address of this provider in the configuration.',
  malformed: 'Check the address of this provider in the configuration: something else may have answered.',
  'model-not-found': 'headrace models --config FILE --filter TEXT finds the right id.',
};

/** One sentence on what the person can do. @param isOfFile whether the gateway is that of a file of configuration. */
export const remedyFor = (error: GatewayError, isOfFile: boolean): string | undefined => {
  if (error.retryAfterMs !== undefined)
    return `Wait ${duration(error.retryAfterMs)}, as the upstream asks, and try again.`;
  // Own properties only: a code could be any word.
  const ofFile = [error.code, error.failureClass].find((word) => isOfFile && Object.hasOwn(OF_FILE, word));
  if (ofFile !== undefined) return OF_FILE[ofFile];
  return (Object.hasOwn(BY_CODE, error.code) ? BY_CODE[error.code] : undefined) ?? BY_CLASS[error.failureClass];
};
