import { GatewayError } from '@headrace/core';
import { issuesOf } from '../error-lines.js';
import { nearestName, suggestion } from '../nearest-name.js';
import { UsageError } from '../usage-error.js';
import { gatewayFor } from './headrace-subject.js';
import {
  DEFAULT_ROUTE,
  DEFAULT_TIMEOUT_MS,
  LAB_TARGETS,
  type LabConfig,
  type LabPolicies,
  type LabRoute,
  OWN_OPTIONS,
} from './lab-config.js';

const LONGEST_TIMEOUT_MS = 600_000;
const LAB_FIELDS = ['route', 'timeoutMs'] as const;
/** Where nothing is ever called: a gateway is made of the options only to have them checked. */
const NOWHERE = LAB_TARGETS.map((name) => ({ name, url: 'http://127.0.0.1:1', apiKey: 'lab', model: 'lab/river' }));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const timeoutFrom = (value: unknown = DEFAULT_TIMEOUT_MS): number => {
  if (typeof value === 'number' && value > 0 && value <= LONGEST_TIMEOUT_MS) return value;
  throw new UsageError(`timeoutMs must be a number of ms above 0 and up to ${LONGEST_TIMEOUT_MS}.`);
};

/** Only what is about the targets of the lab is looked at here; the rest of a route is the gateway's to check. */
const routeFrom = (value: unknown = DEFAULT_ROUTE): LabRoute => {
  if (!isObject(value)) throw new UsageError('route must be an object.');
  const { targets = DEFAULT_ROUTE.targets } = value;
  if (!Array.isArray(targets) || targets.length === 0) throw new UsageError('route.targets must be a list of targets.');
  for (const [index, target] of targets.entries()) {
    const name: unknown = isObject(target) ? target['model'] : target;
    if (LAB_TARGETS.some((known) => known === name)) continue;
    const near = typeof name === 'string' ? suggestion(name, LAB_TARGETS, (known) => `"${known}"`) : '';
    throw new UsageError(
      `route.targets[${index}] must name a target of the lab: ${LAB_TARGETS.map((known) => `"${known}"`).join(' or ')}.${near}`,
    );
  }
  return { ...value, targets } as LabRoute;
};

const toldOf = ({ field, message, remedy }: { field: string; message: string; remedy?: string }): string => {
  const own = field.replace(/^routes\.lab\b/, 'route');
  // The gateway suggests names of its own only.
  const near = field.includes('.') ? undefined : nearestName(field, LAB_FIELDS);
  return [`${own}: ${message}`, near === undefined ? (remedy ?? '') : `Did you mean "${near}"?`].join(' ').trim();
};

/**
 * The configuration that a file holds. Its policies are checked by `createGateway` itself.
 * @throws UsageError naming every field that is wrong, and the nearest right name of every unknown one
 */
export const checkLabConfig = async (value: unknown): Promise<LabConfig> => {
  if (!isObject(value)) throw new UsageError('The configuration must be an object.');
  const { route, timeoutMs, ...policies } = value;
  const own = OWN_OPTIONS.filter((name) => name in policies);
  if (own.length > 0) {
    const remedy = own.includes('routes') ? 'The route of the lab is `route`.' : undefined;
    throw new UsageError(`${own.join(', ')}: set by the lab itself.`, remedy);
  }
  const config: LabConfig = {
    route: routeFrom(route),
    timeoutMs: timeoutFrom(timeoutMs),
    policies: policies as LabPolicies,
  };
  try {
    await gatewayFor(config, NOWHERE).dispose();
  } catch (error) {
    if (!GatewayError.is(error)) throw error;
    const issues = issuesOf(error);
    throw new UsageError(issues.length === 0 ? error.message : issues.map(toldOf).join('\n'));
  }
  return config;
};
