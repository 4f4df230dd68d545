import {
  type InputIssue,
  InvalidRequestError,
  type JsonObject,
  type JsonValue,
  nearest,
  type ProviderOptions,
  type RequestKind,
  type Warning,
} from '@headrace/core/plugin';
import { type Headers, headerValueFault, NO_HEADERS } from '@headrace/wire/provider';
import { type GatewayRouting, MAX_TAGS } from './gateway-routing.js';
import { routingIssues, routingKeys } from './routing-issues.js';
import type { VercelSettings } from './vercel-settings.js';

/**
 * What a call may say to this provider, under `providerOptions.<id>`. Every other object is options for the upstream of
 * that name, such as `anthropic`, and passed on untouched.
 */
export type VercelCallOptions = {
  /** Merged over the option `routing` key by key; null takes a default back. */
  readonly gateway?: { readonly [K in keyof GatewayRouting]: GatewayRouting[K] | null };
  /** Keeps related calls at one upstream cache: any text, sent as the header `x-session-affinity`. */
  readonly sessionAffinity?: string;
  /**
   * `enabled`: think with the model's own defaults, or not at all. `exclude`: think, but leave the text of it out of the
   * answer. Beside the call's `reasoningEffort` or `reasoningBudgetTokens`.
   */
  readonly reasoning?: { readonly enabled?: boolean; readonly exclude?: boolean };
  /** How vectors are sent, of embeddings only. Default `base64`: a quarter of the bytes. */
  readonly encodingFormat?: 'base64' | 'float';
  readonly [upstream: string]: unknown;
};

/** What a request's options for this provider, and the provider's own defaults, add to body and headers. */
export interface AppliedOptions {
  /** The body's `providerOptions`; absent when there is nothing to say. */
  readonly providerOptions: JsonObject | undefined;
  /** Members to add to the body's `reasoning`. */
  readonly reasoning: JsonObject | undefined;
  readonly encodingFormat: 'base64' | 'float' | undefined;
  readonly headers: Headers;
  /** What is asked for and not read here: for `tellLosses`. */
  readonly losses: readonly Warning[];
  /** What the caller may want to know, although it was passed on. */
  readonly notes: readonly Warning[];
}

/** What of a request is read here. */
export interface OptionedRequest {
  /** Default `completion`. */
  readonly kind?: RequestKind;
  readonly endUser?: string;
  readonly providerOptions?: ProviderOptions;
}

const NOTHING: AppliedOptions = {
  providerOptions: undefined,
  reasoning: undefined,
  encodingFormat: undefined,
  headers: NO_HEADERS,
  losses: [],
  notes: [],
};

/** Names of our own; what else there is, is an upstream. */
const OWN_NAMES: readonly string[] = [
  'gateway',
  'sessionAffinity',
  'reasoning',
  'encodingFormat',
] satisfies (keyof VercelCallOptions)[];

/** Names that were meant for another place. */
const MEANT: Readonly<Record<string, string>> = {
  provider: 'gateway.sort',
  providerOptions: 'gateway',
  routing: 'gateway',
  service_tier: 'gateway.serviceTier',
  encoding_format: 'encodingFormat',
};

/** Deeper than what JSON of hosts is checked to be. */
const MAX_DEPTH = 100;

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where an object holds a key that reaches a prototype, if anywhere. */
const prototypeKeyIn = (value: unknown, field: string, depth = 0): string | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return field;
  for (const [key, member] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${field}[${key}]` : `${field}.${key}`;
    const found = key === '__proto__' ? at : prototypeKeyIn(member, at, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Names that a host of another library would write where ours reads nothing. */
const misplaced = ({ providerOptions }: OptionedRequest, { id }: VercelSettings): readonly Warning[] =>
  id !== 'gateway' && providerOptions !== undefined && Object.hasOwn(providerOptions, 'gateway')
    ? [
        {
          code: 'provider-options-unread',
          field: 'providerOptions.gateway',
          message: `Not read here: routing options of this provider stand under providerOptions.${id}.gateway.`,
        },
      ]
    : [];

/** Reads one call's options, gathering what is wrong with them. */
class CallOptions {
  readonly issues: InputIssue[] = [];
  readonly notes: Warning[] = [];
  readonly #place: string;
  readonly #settings: VercelSettings;
  readonly #request: OptionedRequest;

  constructor(request: OptionedRequest, settings: VercelSettings) {
    this.#request = request;
    this.#settings = settings;
    this.#place = `providerOptions.${settings.id}`;
  }

  apply(asked: JsonObject): AppliedOptions {
    const fault = prototypeKeyIn(asked, this.#place);
    if (fault !== undefined)
      this.#refuse(fault, `cannot be passed on: it is "__proto__", or nested deeper than ${MAX_DEPTH} levels.`);
    const gateway = this.#gateway(asked['gateway']);
    const namespaces = this.#namespaces(asked);
    const reasoning = this.#reasoning(asked['reasoning']);
    const affinity = this.#affinity(asked['sessionAffinity']);
    const encodingFormat = this.#encodingFormat(asked['encodingFormat']);
    if (this.issues.length > 0) throw new InvalidRequestError(this.issues);
    const all = { ...(Object.keys(gateway).length === 0 ? {} : { gateway }), ...namespaces };
    const { reportingUser } = this.#settings;
    const isUserOpen = this.#request.endUser === undefined && gateway['user'] === undefined;
    return {
      providerOptions: Object.keys(all).length === 0 ? undefined : all,
      reasoning,
      encodingFormat,
      headers: {
        ...(affinity === undefined ? {} : { 'x-session-affinity': affinity }),
        // This header replaces a user given in the body, so it is sent only where none is.
        ...(reportingUser !== undefined && isUserOpen ? { 'ai-reporting-user': reportingUser } : {}),
      },
      losses: misplaced(this.#request, this.#settings),
      notes: this.notes,
    };
  }

  #refuse(field: string, message: string, remedy?: string): void {
    this.issues.push(remedy === undefined ? { field, message } : { field, message, remedy });
  }

  #gateway(asked: JsonValue | undefined): JsonObject {
    const field = `${this.#place}.gateway`;
    const { endUser } = this.#request;
    const { user, ...defaults } = { ...(this.#settings.routing as JsonObject | undefined) };
    const merged: Record<string, JsonValue | undefined> = { ...defaults };
    // The call names its own end user: a default one must not stand beside it.
    if (user !== undefined && endUser === undefined) merged['user'] = user;
    if (asked === undefined) return merged;
    if (!isObject(asked)) {
      this.#refuse(field, 'must be an object.');
      return merged;
    }
    const own = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null && value !== undefined));
    this.#checkRouting(own, field);
    for (const key of Object.keys(asked)) delete merged[key];
    Object.assign(merged, own);
    if (endUser !== undefined && own['user'] !== undefined && own['user'] !== endUser)
      this.#refuse(`${field}.user`, 'names another person than `endUser`.', 'Give one of them.');
    this.#checkTags(merged['tags'], field);
    return merged;
  }

  #checkRouting(own: JsonObject, field: string): void {
    const issues = routingIssues(own, field);
    if (this.#settings.strictRouting) this.issues.push(...issues);
    else
      for (const { field: at, message, remedy } of issues)
        this.notes.push({
          code: 'routing-unknown',
          field: at,
          message: `${message}${remedy === undefined ? '' : ` ${remedy}`} It was passed on as it is.`,
        });
  }

  #checkTags(tags: JsonValue | undefined, field: string): void {
    if (!Array.isArray(tags)) return;
    const all = new Set([...this.#settings.reportingTags, ...(tags as readonly unknown[])]);
    if (all.size > MAX_TAGS)
      this.#refuse(`${field}.tags`, `makes ${all.size} tags with those of the options; ${MAX_TAGS} are allowed.`);
  }

  #namespaces(asked: JsonObject): JsonObject {
    const namespaces: Record<string, JsonValue> = {};
    for (const [name, value] of Object.entries(asked)) {
      if (value === undefined || name === '__proto__' || OWN_NAMES.includes(name)) continue;
      const meant = this.#meantBy(name);
      if (isObject(value) && meant === undefined) namespaces[name] = value;
      else
        this.#refuse(
          `${this.#place}.${name}`,
          isObject(value) ? 'is no option of this provider.' : 'is neither an option of this provider nor an object.',
          meant === undefined
            ? `Give ${OWN_NAMES.join(', ')}, or an object named after an upstream.`
            : `Did you mean "${meant}"?`,
        );
    }
    return namespaces;
  }

  /** What a name was probably meant for, if not for an upstream. */
  #meantBy(name: string): string | undefined {
    if (routingKeys().includes(name)) return `gateway.${name}`;
    if (Object.hasOwn(MEANT, name)) return MEANT[name];
    return nearest(name, OWN_NAMES, 1)[0];
  }

  #reasoning(asked: JsonValue | undefined): JsonObject | undefined {
    if (asked === undefined) return undefined;
    const field = `${this.#place}.reasoning`;
    if ((this.#request.kind ?? 'completion') !== 'completion') this.#refuse(field, 'is for completions only.');
    if (!isObject(asked)) {
      this.#refuse(field, 'must be an object.');
      return undefined;
    }
    const names = ['enabled', 'exclude'];
    for (const [name, value] of Object.entries(asked)) {
      if (names.includes(name)) {
        if (value !== undefined && typeof value !== 'boolean')
          this.#refuse(`${field}.${name}`, 'must be true or false.');
        continue;
      }
      const remedy =
        name === 'effort'
          ? 'Give `reasoningEffort` with the call.'
          : name === 'max_tokens'
            ? 'Give `reasoningBudgetTokens` with the call.'
            : nearest(name, names, 1).map((guess) => `Did you mean "${guess}"?`)[0];
      this.#refuse(`${field}.${name}`, 'is not known here.', remedy);
    }
    return Object.keys(asked).length === 0 ? undefined : asked;
  }

  #encodingFormat(asked: JsonValue | undefined): 'base64' | 'float' | undefined {
    if (asked === undefined) return undefined;
    const field = `${this.#place}.encodingFormat`;
    if (this.#request.kind !== 'embedding') this.#refuse(field, 'is for embeddings only.');
    if (asked === 'base64' || asked === 'float') return asked;
    this.#refuse(field, 'must be "base64" or "float".');
    return undefined;
  }

  #affinity(asked: JsonValue | undefined): string | undefined {
    if (asked === undefined) return undefined;
    const fault = typeof asked === 'string' ? headerValueFault(asked) : 'must be a text.';
    if (fault !== undefined) this.#refuse(`${this.#place}.sessionAffinity`, fault);
    return typeof asked === 'string' ? asked : undefined;
  }
}

/**
 * Puts a request's `providerOptions.<id>` and the provider's defaults together.
 * @throws InvalidRequestError naming everything that is wrong.
 */
export const applyProviderOptions = (request: OptionedRequest, settings: VercelSettings): AppliedOptions => {
  const { providerOptions } = request;
  const asked =
    providerOptions !== undefined && Object.hasOwn(providerOptions, settings.id)
      ? providerOptions[settings.id]
      : undefined;
  if (asked === undefined && settings.routing === undefined && settings.reportingUser === undefined) {
    const losses = misplaced(request, settings);
    return losses.length === 0 ? NOTHING : { ...NOTHING, losses };
  }
  return new CallOptions(request, settings).apply(asked ?? {});
};
