import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { invalidRequest } from './api-error.js';
import { parseJson } from './request-body.js';

/** Who a request is reported under. */
export interface Attribution {
  readonly tags: readonly string[];
  readonly user: string | undefined;
  readonly team: string | undefined;
}

const MAX_TAGS = 10;
const MAX_TAG_LENGTH = 64;
const MAX_USER_LENGTH = 256;

const options = z
  .looseObject({
    gateway: z
      .looseObject({
        tags: z.array(z.string()).optional().catch(undefined),
        user: z.string().optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  })
  .nullish()
  .catch(undefined);

const reported = z.looseObject({
  user: z.string().nullish().catch(undefined),
  // A form has them as text.
  providerOptions: z.preprocess((value) => (typeof value === 'string' ? parseJson(value) : value), options),
});

const single = (header: string | readonly string[] | undefined): string | undefined => {
  const text = typeof header === 'string' ? header : header?.join(',');
  return text === '' ? undefined : text;
};

/** Header tags are added to those of the body without repeats; a header user replaces the one of the body. */
export function readAttribution(headers: IncomingHttpHeaders, body: unknown): Attribution {
  const parsed = reported.safeParse(body);
  const gateway = parsed.data?.providerOptions?.gateway;
  const fromHeader = (single(headers['ai-reporting-tags']) ?? '').split(',').map((tag) => tag.trim());
  const tags = [...(gateway?.tags ?? []), ...fromHeader.filter((tag) => tag !== '')];
  return {
    tags: [...new Set(tags)],
    user: single(headers['ai-reporting-user']) ?? gateway?.user ?? parsed.data?.user ?? undefined,
    team: single(headers['x-vercel-ai-gateway-team']),
  };
}

/** @throws ApiError with status 400 when a documented limit is passed */
export function checkAttribution({ tags, user }: Attribution): void {
  if (tags.length > MAX_TAGS) throw invalidRequest(`Invalid input: at most ${MAX_TAGS} tags are allowed`, 'tags');
  if (tags.some((tag) => tag.length < 1 || tag.length > MAX_TAG_LENGTH)) {
    throw invalidRequest(`Invalid input: a tag has 1 to ${MAX_TAG_LENGTH} characters`, 'tags');
  }
  if (user !== undefined && user.length > MAX_USER_LENGTH) {
    throw invalidRequest(`Invalid input: user has at most ${MAX_USER_LENGTH} characters`, 'user');
  }
}
