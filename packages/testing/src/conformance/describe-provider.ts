import { answerCases } from './cases/answer-cases.js';
import { cancellationCases } from './cases/cancellation-cases.js';
import { cutCases } from './cases/cut-cases.js';
import { lifecycleCases } from './cases/lifecycle-cases.js';
import { refusalCases } from './cases/refusal-cases.js';
import { registrationCases } from './cases/registration-cases.js';
import { secretCases } from './cases/secret-cases.js';
import { toolCallCases } from './cases/tool-call-cases.js';
import { unaryGroups } from './cases/unary-cases.js';
import { usageCases } from './cases/usage-cases.js';
import type { ConformanceGroup } from './conformance-case.js';
import type { ConformanceSpec, TestRunner } from './conformance-spec.js';
import { onWorkbench } from './workbench.js';

const GROUPS: readonly ConformanceGroup[] = [
  registrationCases,
  answerCases,
  toolCallCases,
  usageCases,
  cancellationCases,
  cutCases,
  refusalCases,
  secretCases,
  lifecycleCases,
  ...unaryGroups,
];

const checkExceptions = (except: Readonly<Record<string, string>>): void => {
  const known = new Set(GROUPS.flatMap((group) => group.cases.map(({ name }) => name)));
  const unknown = Object.keys(except).filter((name) => !known.has(name));
  if (unknown.length > 0) throw new TypeError(`no case of the conformance suite is named '${unknown.join("' or '")}'`);
};

/** What the dialect must be able to say for each kind. */
const ANSWERS = { embedding: 'embeddings', reranking: 'ranking', image: 'images' } as const;

const checkKinds = ({ dialect, otherKinds = {} }: ConformanceSpec): void => {
  for (const [kind, answer] of Object.entries(ANSWERS) as [keyof typeof ANSWERS, keyof typeof dialect][]) {
    if (otherKinds[kind] !== undefined && dialect[answer] === undefined)
      throw new TypeError(`the dialect '${dialect.name}' has no \`${answer}\`, which the kind '${kind}' needs`);
  }
};

/**
 * The contract as tests: what every provider must do, whatever its upstream. Your test runner is passed in. Every case
 * starts an upstream of its own on 127.0.0.1, creates a provider that speaks to it, and closes both.
 *
 * @example
 * describeProvider({ describe, it }, {
 *   name: 'acme',
 *   create: ({ baseUrl, apiKey }) => new AcmeProvider({ baseUrl: `${baseUrl}/v1`, apiKey }),
 *   dialect: openAiChatDialect,
 * });
 * @throws TypeError when `except` names a case that does not exist, or the dialect cannot say what a kind is answered.
 */
export const describeProvider = (runner: TestRunner, spec: ConformanceSpec): void => {
  const { except = {} } = spec;
  checkExceptions(except);
  checkKinds(spec);
  const { describe, it } = runner;
  describe(`${spec.name} keeps the provider contract`, () => {
    for (const { subject, cases } of GROUPS) {
      describe(subject, () => {
        for (const { name, applies, run } of cases) {
          if (applies?.(spec) === false) continue;
          const play = (): Promise<void> => onWorkbench(spec, run);
          const reason = except[name];
          if (reason === undefined) it(name, play);
          else it.skip?.(`${name} (left out: ${reason})`, play);
        }
      });
    }
  });
};
