import type { Evidence, SeenCall } from './evidence.js';
import type { Judgement } from './judge.js';
import type { LabAnswer } from './lab-answer.js';
import type { Received } from './lab-subject.js';

/** Finish reasons by which a caller knows that the answer was stopped. */
const STOPPED: ReadonlySet<string> = new Set(['content-filter', 'length']);

const failed = (reason: string): Judgement => ({ verdict: 'failed', reason });

const characters = (text: string): string => `${text.length} character${text.length === 1 ? '' : 's'}`;

/** How a text differs from the answer. */
const difference = (text: string, answer: string): string => {
  if (text === '') return 'nothing';
  if (answer.startsWith(text)) return `the first ${characters(text)} of ${answer.length}`;
  if (text.startsWith(answer)) return `the answer and ${characters(text.slice(answer.length))} more`;
  let same = 0;
  while (text[same] === answer[same]) same += 1;
  return `a text that is not the answer from character ${same + 1} on`;
};

const sameJson = (left: string, right: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(left)) === JSON.stringify(JSON.parse(right));
  } catch {
    return false;
  }
};

const toolFault = (
  calls: Extract<Received, { ended: 'whole' }>['toolCalls'],
  answer: LabAnswer,
): string | undefined => {
  const wanted = answer.toolCalls;
  if (calls.length !== wanted.length) return `${calls.length} tool calls in place of ${wanted.length}`;
  for (const [index, want] of wanted.entries()) {
    const got = calls[index];
    if (got?.name !== want.name || !sameJson(got.argumentsJson, [want.arguments].flat().join('')))
      return `a tool call that is not the answer's`;
  }
  return undefined;
};

const judgeWhole = (
  { answer }: Evidence,
  { text }: SeenCall,
  { finishReason, toolCalls }: Extract<Received, { ended: 'whole' }>,
): Judgement => {
  if (finishReason !== undefined && STOPPED.has(finishReason)) {
    return answer.text.startsWith(text)
      ? { verdict: 'honest', reason: `finish reason ${finishReason}` }
      : failed(`a stopped answer holds ${difference(text, answer.text)}`);
  }
  if (text !== answer.text) return failed(`${difference(text, answer.text)} passed for the whole answer`);
  const tools = toolFault(toolCalls, answer);
  return tools === undefined ? { verdict: 'rescued' } : failed(`${tools} passed for the whole answer`);
};

const judgeError = (
  { answer, fault, secrets, subject }: Evidence,
  { text, startedAtMs, endedAtMs }: SeenCall,
  error: Extract<Received, { ended: 'error' }>,
): Judgement => {
  const { message, code, failureClass, printed } = error;
  if (secrets.some((secret) => printed.includes(secret) || message.includes(secret)))
    return failed('the error shows a key or the prompt');
  if (!answer.text.startsWith(text))
    return failed(`before its error the caller was given ${difference(text, answer.text)}`);
  if (message.trim() === '') return failed('the error says nothing');
  // A deadline that ran out is the truth whatever the upstream did.
  const isLate = failureClass === 'silence' && endedAtMs - startedAtMs >= subject.timeoutMs * 0.9;
  const causes: readonly string[] = fault.causes;
  if (failureClass !== undefined && !isLate && !causes.includes(failureClass))
    return failed(`the error says "${failureClass}", and it was ${causes.join(' or ')}: ${message}`);
  return { verdict: 'honest', reason: code === undefined ? message : `${code}: ${message}` };
};

/** The verdict over what the caller of one call received. */
export const judgeAnswer = (evidence: Evidence, call: SeenCall): Judgement => {
  const { received } = call;
  if (received === undefined)
    return failed(
      `no end within ${Math.round(call.endedAtMs - call.startedAtMs)} ms, and ${evidence.subject.timeoutMs} ms were given`,
    );
  return received.ended === 'whole' ? judgeWhole(evidence, call, received) : judgeError(evidence, call, received);
};
