import { answerCases } from './cases/answer-cases.js';
import { cancellationCases } from './cases/cancellation-cases.js';
import { concurrencyCases } from './cases/concurrency-cases.js';
import { cutCases } from './cases/cut-cases.js';
import { encodingCases } from './cases/encoding-cases.js';
import { endingCases } from './cases/ending-cases.js';
import { frameCases } from './cases/frame-cases.js';
import { gatewayCases } from './cases/gateway-cases.js';
import { inBandCases } from './cases/in-band-cases.js';
import { keyCases } from './cases/key-cases.js';
import { lifecycleCases } from './cases/lifecycle-cases.js';
import { listingCases } from './cases/listing-cases.js';
import { lossCases } from './cases/loss-cases.js';
import { meaningCases } from './cases/meaning-cases.js';
import { otherAnswerCases } from './cases/other-answer-cases.js';
import { paceCases } from './cases/pace-cases.js';
import { phaseCases } from './cases/phase-cases.js';
import { reasoningCases } from './cases/reasoning-cases.js';
import { refusalCases } from './cases/refusal-cases.js';
import { registrationCases } from './cases/registration-cases.js';
import { requestCases } from './cases/request-cases.js';
import { secretCases } from './cases/secret-cases.js';
import { sizeCases } from './cases/size-cases.js';
import { statusCases } from './cases/status-cases.js';
import { textCases } from './cases/text-cases.js';
import { toolCallCases } from './cases/tool-call-cases.js';
import { toolFragmentCases } from './cases/tool-fragment-cases.js';
import { unaryGroups } from './cases/unary-cases.js';
import { usageCases } from './cases/usage-cases.js';
import { usageReportCases } from './cases/usage-report-cases.js';
import type { ConformanceCase, ConformanceGroup } from './conformance-case.js';
import type { ConformanceSpec } from './conformance-spec.js';

const GROUPS: readonly ConformanceGroup[] = [
  registrationCases,
  listingCases,
  requestCases,
  meaningCases,
  lossCases,
  answerCases,
  frameCases,
  encodingCases,
  textCases,
  sizeCases,
  paceCases,
  otherAnswerCases,
  endingCases,
  reasoningCases,
  toolCallCases,
  toolFragmentCases,
  usageCases,
  usageReportCases,
  cancellationCases,
  phaseCases,
  cutCases,
  refusalCases,
  statusCases,
  inBandCases,
  secretCases,
  keyCases,
  lifecycleCases,
  concurrencyCases,
  gatewayCases,
  ...unaryGroups,
];

/** One case as it is to be played for a provider. */
export interface Scenario extends Pick<ConformanceCase, 'name' | 'run'> {
  readonly subject: string;
  /** Why it is not played; `undefined` when it is. */
  readonly skip: string | undefined;
}

/** What the dialect must be able to say for each kind. */
const ANSWERS = { embedding: 'embeddings', reranking: 'ranking', image: 'images' } as const;

const checkKinds = ({ dialect, otherKinds = {} }: ConformanceSpec): void => {
  for (const [kind, answer] of Object.entries(ANSWERS) as [keyof typeof ANSWERS, keyof typeof dialect][]) {
    if (otherKinds[kind] !== undefined && dialect[answer] === undefined)
      throw new TypeError(`the dialect '${dialect.name}' has no \`${answer}\`, which the kind '${kind}' needs`);
  }
};

const checkExceptions = (except: Readonly<Record<string, string>>): void => {
  const known = new Set(GROUPS.flatMap((group) => group.cases.map(({ name }) => name)));
  const unknown = Object.keys(except).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new TypeError(`no case of the conformance suite is named '${unknown.join("' or '")}'`);
};

/**
 * All cases of the suite, with the reason where one cannot be played or is left out.
 * @throws TypeError when `except` names a case that does not exist, or the dialect cannot say what a kind is answered.
 */
export const scenariosFor = (spec: ConformanceSpec): readonly Scenario[] => {
  const except = new Map(Object.entries(spec.except ?? {}));
  checkExceptions(spec.except ?? {});
  checkKinds(spec);
  return GROUPS.flatMap(({ subject, cases }) =>
    cases.map(({ name, unable, run }) => {
      const left = except.get(name);
      return { subject, name, run, skip: left === undefined ? unable?.(spec) : `left out: ${left}` };
    }),
  );
};
