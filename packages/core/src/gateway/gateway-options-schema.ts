import { cacheSchema } from '../cache/cache-schema.js';
import type { ReceiptStore } from '../contract/receipt-store.js';
import { CONTRACT_VERSION, type ProviderModule } from '../di/provider-module.js';
import type { OptionsSchema } from '../di/provider-plugin.js';
import { ConfigurationError, type InputIssue } from '../errors/caller-errors.js';
import { FAILURE_CLASSES } from '../errors/failure-class.js';
import { didYouMean } from '../errors/nearest.js';
import { gateSchema } from '../gate/gate-options-schema.js';
import { hedgingSchema } from '../hedging/hedge-options-schema.js';
import { limitsSchema } from '../limits/limits-schema.js';
import { middlewareSchema } from '../middleware/middleware-schema.js';
import { modelFactsSchema } from '../registry/model-facts-schema.js';
import { issuesOf } from '../schema/zod-issues.js';
import * as z from '../zod.js';
import { clockLimitsSchema, parametersSchema } from './completion-schema.js';
import type { GatewayOptions } from './gateway-options.js';
import { routesSchema } from './routes-schema.js';

// What editors are told of what no file can hold: only code can give it.
const CODE = { not: {} };

// Looked at once: to compile the check first takes longer than the check.
const ONCE = { jitless: true };

const isFunction = (value: unknown): boolean => typeof value === 'function';

const isModule = (value: unknown): value is ProviderModule =>
  typeof value === 'object' && value !== null && 'name' in value && 'register' in value && isFunction(value.register);

const isObserver = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'onCall' in value && isFunction(value.onCall);

const isReceiptStore = (value: unknown): value is ReceiptStore =>
  typeof value === 'object' &&
  value !== null &&
  ['append', 'get', 'query'].every((method) => isFunction(Reflect.get(value, method)));

const decision = z.strictObject({
  sameTarget: z.boolean().optional(),
  nextTarget: z.boolean().optional(),
  breaker: z.boolean().optional(),
  coolsKey: z.boolean().optional(),
});

const modelFacts = () => z.record(z.string(), modelFactsSchema().optional());

const clocksSchema = () =>
  clockLimitsSchema().extend({ models: z.record(z.string(), clockLimitsSchema().optional()).optional() });

const optionsSchema = z.strictObject({
  providers: z
    .array(z.custom<ProviderModule>(isModule, 'must be a provider module, such as the result of `vercel()`'))
    .min(1, 'must hold at least one provider, such as `vercel()`'),
  defaultProvider: z.string().min(1).optional(),
  routes: z.lazy(routesSchema).optional(),
  models: z.lazy(modelFacts).optional(),
  defaults: parametersSchema.optional(),
  retry: z
    .strictObject({
      maxAttempts: z.int().min(1).max(10).optional(),
      baseDelayMs: z.number().min(0).optional(),
      maxDelayMs: z.number().min(0).optional(),
      maxHintMs: z.number().min(0).optional(),
    })
    .optional(),
  hedging: z.lazy(hedgingSchema).optional(),
  clocks: z.lazy(clocksSchema).optional(),
  gate: z.lazy(gateSchema).optional(),
  decisions: z.partialRecord(z.enum(FAILURE_CLASSES), decision).optional(),
  recovery: z.enum(['off', 'verify', 'continue']).optional(),
  middleware: z.lazy(middlewareSchema).optional(),
  cache: z.lazy(cacheSchema).optional(),
  limits: z.lazy(limitsSchema).optional(),
  strict: z.boolean().optional(),
  onReceipt: z.custom<object>(isFunction, 'must be a function').meta(CODE).optional(),
  receipts: z
    .custom<ReceiptStore>(isReceiptStore, 'must be a ReceiptStore, with `append`, `get` and `query`')
    .meta(CODE)
    .optional(),
  observers: z
    .array(z.custom<object>(isObserver, 'must be an observer: an object with a function `onCall`'))
    .meta(CODE)
    .optional(),
  onHookError: z.custom<object>(isFunction, 'must be a function').meta(CODE).optional(),
  clock: z
    .custom<object>((value) => typeof value === 'object' && value !== null, 'must be a Clock')
    .meta(CODE)
    .optional(),
  random: z.custom<object>(isFunction, 'must be a function').meta(CODE).optional(),
});

/** Schema of what a gateway is built from besides its providers, for who reads it from a file. */
export const policiesSchema = (): OptionsSchema => optionsSchema.omit({ providers: true });

const moduleIssues = ({ providers, defaultProvider }: GatewayOptions): InputIssue[] => {
  const issues: InputIssue[] = [];
  for (const [index, module] of providers.entries()) {
    const { name } = module;
    // A module of another version is a value the types do not allow.
    const contractVersion: unknown = module.contractVersion;
    const field = `providers[${index}]`;
    if (contractVersion !== CONTRACT_VERSION) {
      const message = `"${name}" was written for contract version ${String(contractVersion)}; this core speaks ${CONTRACT_VERSION}.`;
      issues.push({ field, message, remedy: 'Install versions of core and plugin that belong together.' });
    }
    if (!/^[a-z][a-z0-9-]*$/.test(name)) {
      issues.push({
        field: `${field}.name`,
        message: `"${name}" is not a provider name.`,
        remedy: 'Use a–z, 0–9 and hyphens.',
      });
    }
  }
  const names = providers.map(({ name }) => name);
  if (defaultProvider !== undefined && !names.includes(defaultProvider)) {
    const remedy = didYouMean(defaultProvider, names).trim();
    const message = `"${defaultProvider}" is not among the providers (${names.join(', ')}).`;
    issues.push({ field: 'defaultProvider', message, ...(remedy === '' ? {} : { remedy }) });
  }
  return issues;
};

/** @throws ConfigurationError naming every field that is wrong */
export const checkGatewayOptions = (options: GatewayOptions): void => {
  const parsed = optionsSchema.safeParse(options, ONCE);
  const issues = parsed.success ? moduleIssues(options) : issuesOf(parsed.error, optionsSchema);
  if (issues.length > 0) throw new ConfigurationError('createGateway', issues);
};
