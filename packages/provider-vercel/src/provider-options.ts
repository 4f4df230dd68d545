import {
  type CompletionRequest,
  InvalidRequestError,
  type JsonObject,
  type JsonValue,
  type Warning,
} from '@headrace/core/plugin';
import { headerValueFault } from './header-value.js';
import type { VercelSettings } from './vercel-settings.js';

const MAX_TAGS = 10;

const PROTOTYPE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** What a request's options for this provider, and the provider's own defaults, add to body and headers. */
export interface AppliedOptions {
  /** The body's `providerOptions`; absent when there is nothing to say. */
  readonly providerOptions: JsonObject | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
}

const NOTHING: AppliedOptions = { providerOptions: undefined, headers: {}, warnings: [] };

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const refuse = (field: string, message: string): never => {
  throw new InvalidRequestError([{ field, message }]);
};

const checkTags = (gateway: JsonObject, settings: VercelSettings, field: string): void => {
  const { tags } = gateway;
  if (tags === undefined) return;
  if (!Array.isArray(tags) || tags.some((tag) => typeof tag !== 'string' || tag === '' || tag.length > 64))
    refuse(`${field}.tags`, 'must be a list of texts of 1–64 characters.');
  const all = new Set([...settings.reportingTags, ...(tags as readonly string[])]);
  if (all.size > MAX_TAGS)
    refuse(`${field}.tags`, `makes ${all.size} tags with those of the options; ${MAX_TAGS} are allowed.`);
};

const gatewayOptions = (
  request: CompletionRequest,
  settings: VercelSettings,
  asked: JsonValue | undefined,
  field: string,
): JsonObject => {
  if (asked !== undefined && !isObject(asked)) return refuse(field, 'must be an object.');
  // The call names its own end user: a default one must not stand beside it.
  const { user, ...routing } = { ...(settings.routing as JsonObject | undefined) };
  const defaults = user === undefined || request.endUser !== undefined ? routing : { ...routing, user };
  const gateway = { ...defaults, ...asked };
  checkTags(gateway, settings, field);
  return gateway;
};

const affinityHeader = (value: JsonValue | undefined, field: string): Readonly<Record<string, string>> => {
  if (value === undefined) return {};
  if (typeof value !== 'string') return refuse(field, 'must be a text.');
  const fault = headerValueFault(value);
  return fault === undefined ? { 'x-session-affinity': value } : refuse(field, fault);
};

/**
 * Puts a request's `providerOptions.<id>` and the provider's defaults together. `gateway`: merged over `routing` key by
 * key. `sessionAffinity`: a text that keeps related calls at one upstream cache, sent as `x-session-affinity`. Every
 * other object is passed on as options for the upstream of that name, such as `anthropic`.
 * @throws InvalidRequestError
 */
export const applyProviderOptions = (request: CompletionRequest, settings: VercelSettings): AppliedOptions => {
  const { providerOptions } = request;
  const asked =
    providerOptions !== undefined && Object.hasOwn(providerOptions, settings.id)
      ? providerOptions[settings.id]
      : undefined;
  if (asked === undefined && settings.routing === undefined && settings.reportingUser === undefined) return NOTHING;
  const place = `providerOptions.${settings.id}`;
  const { gateway: askedGateway, sessionAffinity, ...others } = asked ?? {};
  const gateway = gatewayOptions(request, settings, askedGateway, `${place}.gateway`);
  const namespaces: Record<string, JsonValue> = {};
  const warnings: Warning[] = [];
  for (const [name, value] of Object.entries(others)) {
    if (PROTOTYPE_KEYS.has(name)) continue;
    if (isObject(value)) namespaces[name] = value;
    else if (value !== undefined)
      warnings.push({
        code: 'provider-options-dropped',
        field: `${place}.${name}`,
        message: 'Only `gateway`, `sessionAffinity` and objects named after an upstream are passed on.',
      });
  }
  const all = { ...(Object.keys(gateway).length === 0 ? {} : { gateway }), ...namespaces };
  const isUserOpen = request.endUser === undefined && gateway['user'] === undefined;
  return {
    providerOptions: Object.keys(all).length === 0 ? undefined : all,
    headers: {
      ...affinityHeader(sessionAffinity, `${place}.sessionAffinity`),
      // This header replaces a user given in the body, so it is sent only where none is.
      ...(settings.reportingUser !== undefined && isUserOpen ? { 'ai-reporting-user': settings.reportingUser } : {}),
    },
    warnings,
  };
};
