import { type InputIssue, nearest } from '@headrace/core/plugin';

/**
 * Values of `anthropic-beta` that change how a message is made, and not what the answer looks like beyond what is read
 * here. Source: https://platform.claude.com/docs/en/api/beta-headers
 */
export const BETAS = [
  'advisor-tool-2026-03-01',
  'cache-diagnosis-2026-04-07',
  'code-execution-2025-05-22',
  'computer-use-2025-01-24',
  'context-1m-2025-08-07',
  'context-management-2025-06-27',
  'extended-cache-ttl-2025-04-11',
  'fallback-credit-2026-07-01',
  'files-api-2025-04-14',
  'interleaved-thinking-2025-05-14',
  'mcp-client-2025-11-20',
  'mid-conversation-tool-changes-2026-07-01',
  'model-context-window-exceeded-2025-08-26',
  'output-128k-2025-02-19',
  'output-300k-2026-03-24',
  'pdfs-2024-09-25',
  'prompt-caching-2024-07-31',
  'server-side-fallback-2026-07-01',
  'skills-2025-10-02',
  'thinking-token-count-2026-05-13',
  'token-efficient-tools-2025-02-19',
] as const;

const KNOWN: readonly string[] = BETAS;

/** What is wrong with names of betas, each by its field. @param field of the list */
export const betaIssues = (betas: readonly string[], field: string): InputIssue[] =>
  betas.flatMap((beta, index): InputIssue[] => {
    if (KNOWN.includes(beta)) return [];
    const [guess] = nearest(beta, KNOWN, 1);
    return [
      {
        field: `${field}[${index}]`,
        message: 'is no beta that is known here.',
        remedy:
          guess === undefined
            ? 'Set the option `strictBetas` to false to send it all the same.'
            : `Did you mean "${guess}"? Set the option \`strictBetas\` to false to send it all the same.`,
      },
    ];
  });
