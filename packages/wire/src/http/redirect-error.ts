import { MalformedResponseError } from '@headrace/core/plugin';
import type { HttpAnswer } from './body-decoder.js';

const targetOrigin = (location: string | string[] | undefined, origin: string): string | undefined => {
  if (typeof location !== 'string' || !URL.canParse(location, origin)) return undefined;
  const target = new URL(location, origin);
  return target.protocol === 'http:' || target.protocol === 'https:' ? target.origin : undefined;
};

/** A redirect is never followed: it would carry the key to an address that nobody configured. */
export const redirectError = (answer: HttpAnswer, origin: string): MalformedResponseError => {
  const target = targetOrigin(answer.headers['location'], origin);
  const where =
    target === undefined ? 'without naming where to' : `to ${target === origin ? 'another path there' : target}`;
  return new MalformedResponseError(
    `${origin} answered with a redirect (HTTP ${answer.status}) ${where}. It was not followed and the key was not sent on: the base URL is wrong.`,
    { upstream: { status: answer.status } },
  );
};
