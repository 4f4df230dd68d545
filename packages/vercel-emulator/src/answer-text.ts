import { ANSWER_FORMS, anythingElse } from './answer-forms.js';
import { askedLength, fitLength } from './answer-length.js';
import type { PromptReading } from './prompt-reading.js';
import { keyWords } from './prompt-words.js';

/** Opens every text answer, so that nobody takes it for the words of a model. */
export const NOTICE = "This is an emulated answer of Headrace's Vercel emulator; no model was called.";

function attachmentsNote({ attachments: { images, files } }: PromptReading): string {
  const counted = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;
  const parts = [...(images > 0 ? [counted(images, 'image')] : []), ...(files > 0 ? [counted(files, 'file')] : [])];
  return parts.length === 0 ? '' : `\n\nYour message came with ${parts.join(' and ')}, which nobody looked at.`;
}

/** What follows the notice: made from the prompt alone, so the same prompt gives the same text. */
export function answerBody(reading: PromptReading): string {
  let body = anythingElse(reading);
  for (const form of ANSWER_FORMS) {
    const answer = form(reading);
    if (answer === undefined) continue;
    body = answer;
    break;
  }
  const asked = reading.toolResults.length > 0 ? undefined : askedLength(reading.prompt);
  if (asked !== undefined) return fitLength(body, asked, keyWords(reading.prompt));
  return body + attachmentsNote(reading);
}

/** The text answer to a conversation. A length the prompt asks for is that of the part after the notice. */
export function answerText(reading: PromptReading): string {
  return `${NOTICE}\n\n${answerBody(reading)}`;
}
