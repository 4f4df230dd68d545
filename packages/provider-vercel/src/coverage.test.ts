import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { routingKeys } from './routing-issues.js';

const root = new URL('../', import.meta.url);
const text = readFileSync(new URL('COVERAGE.md', root), 'utf8');

interface Row {
  readonly vercel: string;
  readonly here: string;
  readonly where: string;
}

/** The rows of all tables, heads and lines below them left out. */
const ROWS: readonly Row[] = text
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (?:Vercel |-)/.test(line))
  .map((line) => {
    const [vercel = '', here = '', where = ''] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return { vercel, here, where };
  });

const linksIn = (cell: string): string[] => [...cell.matchAll(/\]\(([^)#]+)/g)].map(([, target = '']) => target);
const namesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** What the service has, by its own names: none may be forgotten. */
const OF_THE_SERVICE: readonly string[] = `
  /v1/chat/completions /v1/embeddings /v2/rerank /v1/rerank /v1/images/generations /v1/images/edits /v1/models
  /endpoints /v1/credits /v1/generation /v1/report /v1/responses /v1/messages count_tokens /v4/ai
  /v1/realtime/client-secrets authorization x-vercel-ai-gateway-team http-referer x-title ai-reporting-user
  ai-reporting-tags x-session-affinity idempotency-key ai-o11y retry-after x-vercel-id AI_GATEWAY_BASE_URL
  VERCEL_OIDC_TOKEN stream_options temperature top_p top_k seed stop max_tokens max_completion_tokens
  frequency_penalty presence_penalty tools tool_choice parallel_tool_calls response_format reasoning.effort
  reasoning.max_tokens reasoning.enabled reasoning.exclude reasoning_effort thinking modalities models
  provider.sort user service_tier caching logprobs logit_bias metadata store cache_control image_url file_data
  media_type developer reasoning_details reasoning.text reasoning.summary reasoning.encrypted images finish_reason
  system_fingerprint generationId provider_metadata cost_details is_byok market_cost gateway_cost
  cache_creation_input_tokens planningReasoning modelAttempts providerAttempts affinity clientSessionId
  inferenceEndpoint surchargeCost encoding_format return_documents revised_prompt video_capabilities
  supported_parameters varies_by_provider total_used tags_match idempotencyKey
`
  .trim()
  .split(/\s+/);

describe('the table of what is here', () => {
  it('is one', () => {
    expect(ROWS.length).toBeGreaterThan(100);
    for (const row of ROWS) expect(Object.values(row).slice(0, 2)).not.toContain('');
  });

  it('names files that exist', () => {
    const missing = linksIn(text).filter((target) => !existsSync(new URL(target, root)));
    expect(missing).toEqual([]);
  });

  it.each(ROWS.filter(({ where }) => where !== '').map((row) => [row.vercel, row.where] as const))(
    'names what its files hold, of %s',
    (_, where) => {
      const files = linksIn(where).map((target) => readFileSync(new URL(target, root), 'utf8'));
      expect(files).not.toEqual([]);
      const holds = (name: string): boolean => files.some((file) => new RegExp(`\\b${name}\\b`).test(file));
      expect(namesIn(where).filter((name) => !holds(name))).toEqual([]);
    },
  );

  it('says why, of all that is not here', () => {
    const unexplained = ROWS.filter(({ here, where }) => where === '' && !/^— .{20}|^— Always null\.$/.test(here));
    expect(unexplained).toEqual([]);
  });

  it.each([...OF_THE_SERVICE, ...routingKeys()])('has %s', (name) => {
    const subjects = ROWS.filter(({ vercel }) => vercel.includes(name));
    expect(subjects).not.toEqual([]);
  });
});
