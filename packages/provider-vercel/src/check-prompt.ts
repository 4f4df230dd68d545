import type { InputIssue } from '@headrace/core/plugin';

const ROLES: readonly unknown[] = ['system', 'user', 'assistant', 'tool'];

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const messageIssue = (message: unknown, field: string): InputIssue | undefined => {
  if (!ROLES.includes(memberOf(message, 'role')))
    return { field: `${field}.role`, message: `must be one of ${ROLES.join(', ')}.` };
  const content = memberOf(message, 'content');
  if (typeof content === 'string') return undefined;
  if (!Array.isArray(content)) return { field: `${field}.content`, message: 'must be a text or a list of parts.' };
  const wrong = content.findIndex((part) => typeof memberOf(part, 'type') !== 'string');
  return wrong < 0 ? undefined : { field: `${field}.content[${wrong}]`, message: 'is not a part of a message.' };
};

/** What is wrong with the form of a prompt. For callers whose types nobody checked; the parts are not looked into. */
export const promptIssues = (prompt: unknown): InputIssue[] => {
  if (prompt === '' || (Array.isArray(prompt) && prompt.length === 0))
    return [{ field: 'prompt', message: 'is empty.' }];
  if (typeof prompt === 'string') return [];
  if (!Array.isArray(prompt)) return [{ field: 'prompt', message: 'must be a text or a list of messages.' }];
  return prompt.flatMap((message, index) => messageIssue(message, `prompt[${index}]`) ?? []);
};
