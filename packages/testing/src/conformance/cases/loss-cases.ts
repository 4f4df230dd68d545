import assert from 'node:assert/strict';
import { type CompletionRequest, GatewayError, type Warning } from '@headrace/core/plugin';
import { testContext } from '../../context/test-context.js';
import { type AskedMember, askedMembers } from '../asked-members.js';
import type { ConformanceGroup } from '../conformance-case.js';
import type { Pair, Workbench } from '../workbench.js';

const USAGE = { input: 5, output: 5 };

/** One call, and what came of it. */
interface Play {
  /** Path and body; undefined when nothing was sent. */
  readonly sent: string | undefined;
  readonly warnings: readonly Warning[];
  readonly error: unknown;
}

const play = async (
  bench: Workbench,
  { upstream, provider }: Pair,
  asked: Partial<CompletionRequest>,
  strict: boolean,
): Promise<Play> => {
  const before = upstream.requests.length;
  const context = testContext({ strict });
  const parameters = { ...bench.request().parameters, maxOutputTokens: 8192, ...asked.parameters };
  const { error } = await bench.run(provider, bench.request({ ...asked, parameters }), context);
  const { requests } = upstream;
  assert.ok(requests.length <= before + 1, 'more than one request was sent');
  const request = requests[before];
  return { sent: request && `${request.path}\n${request.body}`, warnings: context.warnings, error };
};

const answering = (bench: Workbench): Promise<Pair> =>
  bench.pair(bench.streamed(bench.dialect.textStream(['a'], USAGE)), { repeatLast: true });

/** A refusal of the request by the provider itself. */
const isRefusal = ({ sent, error }: Play): boolean =>
  sent === undefined && GatewayError.is(error) && error.failureClass === 'caller';

const checkAnswered = ({ name }: AskedMember, play: Play): void =>
  assert.ok(
    isRefusal(play) || (play.sent !== undefined && play.error === undefined),
    `${name}: neither an answer nor a refusal of class 'caller' before anything was sent: ${String(play.error)}`,
  );

/** Each member, with its play and that of the call without it, which several share. */
async function* plays(bench: Workbench, pair: Pair, strict: boolean) {
  const known = new Map<string, Play>();
  for (const member of askedMembers(pair.provider.id)) {
    const key = JSON.stringify(member.without);
    const without = known.get(key) ?? (await play(bench, pair, member.without, false));
    known.set(key, without);
    const asked = await play(bench, pair, member.asked, strict);
    checkAnswered(member, asked);
    yield { member, without, asked };
  }
}

/** What is said of a call, and not of the same call without its member. */
const newFields = (play: Play, without: Play): readonly string[] => {
  const known = new Set(without.warnings.map(({ code, field }) => `${code} ${field}`));
  return play.warnings.flatMap(({ code, field }) =>
    field === undefined || known.has(`${code} ${field}`) ? [] : [field],
  );
};

/** A part that is left out takes all its members along. */
const isLeftOut = ({ name }: AskedMember, { warnings }: Play): boolean =>
  warnings.some(({ field }) => field !== undefined && /\.content\[\d+\]$/.test(field) && name.startsWith(field));

const issueFields = (error: unknown): readonly unknown[] => {
  const issues: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'issues') : undefined;
  return Array.isArray(issues) ? issues.map((issue: { readonly field?: unknown }) => issue.field) : [];
};

export const lossCases: ConformanceGroup = {
  subject: 'what is not carried',
  cases: [
    {
      name: 'sends each thing that a call asks for, or says in a warning that it does not',
      run: async (bench) => {
        const pair = await answering(bench);
        for await (const { member, without, asked } of plays(bench, pair, false)) {
          const isTold =
            asked.sent !== without.sent || newFields(asked, without).length > 0 || isLeftOut(member, asked);
          assert.ok(isTold, `${member.name} vanished: the body is the same without it, and no warning names a field`);
        }
      },
    },
    {
      name: 'refuses what it would leave out where the call is strict, and sends nothing',
      run: async (bench) => {
        const pair = await answering(bench);
        for await (const { member, without, asked } of plays(bench, pair, true)) {
          if (member.isLabel === true && newFields(asked, without).length > 0) continue;
          assert.ok(asked.sent !== without.sent, `${member.name} was left out of a strict call, which went on without`);
        }
      },
    },
    {
      name: 'says in a strict refusal which fields it is about',
      run: async (bench) => {
        const pair = await answering(bench);
        for await (const { member, without, asked } of plays(bench, pair, false)) {
          const strict = await play(bench, pair, member.asked, true);
          const told = newFields(asked, without);
          if (!isRefusal(strict) || told.length === 0) continue;
          const named = issueFields(strict.error);
          assert.ok(
            told.some((field) => named.includes(field)),
            `${member.name}: the refusal names ${named.join(', ') || 'nothing'}, and the warning ${told.join(', ')}`,
          );
        }
      },
    },
    {
      name: 'sends a plain conversation where the call is strict as everywhere',
      run: async (bench) => {
        const pair = await answering(bench);
        const strict = await play(bench, pair, {}, true);
        assert.equal(strict.error, undefined);
        assert.ok(strict.sent !== undefined, 'nothing was sent');
      },
    },
  ],
};
