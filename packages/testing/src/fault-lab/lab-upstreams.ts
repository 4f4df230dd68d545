import type { Delivery } from '@headrace/core/plugin';
import { startSilentUpstream } from '../upstream/silent-upstream.js';
import { startUpstream } from '../upstream/start-upstream.js';
import { reset } from '../upstream/upstream-step.js';
import { healthy } from './catalogue/parts.js';
import type { SeenRequest } from './evidence.js';
import type { Fault, FaultScript, Scene } from './fault.js';
import { LAB_MODEL, LabAnswer } from './lab-answer.js';
import { keyIn, makeLabKeys } from './lab-keys.js';
import type { LabTarget } from './lab-subject.js';
import { startRefusedTarget } from './refused-target.js';

export interface LabUpstreams {
  readonly targets: readonly LabTarget[];
  /** In order of arrival. */
  readonly requests: readonly SeenRequest[];
  close(): Promise<void>;
}

export interface LabUpstreamOptions {
  readonly fault: Fault;
  readonly delivery: Delivery;
  readonly answer: LabAnswer;
  readonly hasFallback: boolean;
  readonly seen: Scene['seen'];
  /** Monotonic, in ms. */
  readonly now: () => number;
}

/** Starts what one fault is played by: primary, fallback, and a third origin that nobody is to ask. */
export const startLabUpstreams = async (options: LabUpstreamOptions): Promise<LabUpstreams> => {
  const { fault, delivery, answer, hasFallback, seen, now } = options;
  const keys = makeLabKeys();
  const requests: SeenRequest[] = [];
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((one) => one.close()));
  };
  let elsewhereUrl = '';

  const start = async (target: SeenRequest['target'], script: FaultScript): Promise<string> => {
    let nth = 0;
    const upstream = await startUpstream({ repeatLast: true }, (request) => {
      const key = keyIn(request, keys);
      if (key === 'stranger') return [reset()];
      nth += 1;
      requests.push({ target, arrivedAtMs: now(), ...(key === undefined ? {} : { keyOf: key }) });
      return script({ request, delivery, nth, answer, elsewhereUrl, seen });
    });
    open.push(upstream);
    return upstream.url;
  };
  const startPrimary = async (play: Fault['primary']): Promise<string> => {
    if (typeof play === 'function') return start('primary', play);
    if (play === 'refused') {
      const refused = await startRefusedTarget();
      open.push(refused);
      return refused.url;
    }
    const silent = await startSilentUpstream();
    open.push(silent);
    return silent.secureUrl;
  };

  try {
    elsewhereUrl = await start('elsewhere', () => new LabAnswer('text', ['from ', 'elsewhere']).healthy(delivery));
    const target = (name: LabTarget['name'], url: string): LabTarget => ({
      name,
      url,
      apiKey: keys[name],
      model: LAB_MODEL,
    });
    const targets = [target('primary', await startPrimary(fault.primary))];
    if (hasFallback) targets.push(target('fallback', await start('fallback', fault.fallback ?? healthy)));
    return { targets, requests, close };
  } catch (error) {
    await close();
    throw error;
  }
};
