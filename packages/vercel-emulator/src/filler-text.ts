import { fingerprint } from './random.js';

const SENTENCES = [
  'The first thing to say about {a} is where it begins.',
  'Beside {a} stands {b}, and each explains a part of the other.',
  'A small example of {a} is easier to remember than a rule.',
  'Whoever looks closely at {b} soon comes back to {a}.',
  'Nothing in {a} happens at once; it builds up step by step.',
  'It helps to name what {b} is not before saying what it is.',
  'Some parts of {a} are plain to see, others show only in use.',
  'The order matters: first {a}, then {b}, then everything that follows from them.',
  'Seen from a distance, {b} looks simpler than it is.',
  'In practice {a} is mostly a matter of patience.',
  'Two people can describe {b} in different words and mean the same.',
  'What is true of {a} on a good day should hold on a bad one.',
  'There is a cost to {b}, and it is better to know it early.',
  'A clear picture of {a} makes the rest short.',
] as const;

const DEFAULT_SUBJECTS = ['the question', 'the answer'] as const;

/** Sentences about the given words, without end; the same words give the same sentences. */
export function* fillerSentences(subjects: readonly string[]): Generator<string, never> {
  const names = subjects.length === 0 ? DEFAULT_SUBJECTS : subjects;
  const start = fingerprint(names.join(' '));
  for (let index = 0; ; index += 1) {
    const template = SENTENCES[(start + index) % SENTENCES.length] ?? SENTENCES[0];
    const first = names[index % names.length] ?? DEFAULT_SUBJECTS[0];
    const second = names[(index + 1) % names.length] ?? DEFAULT_SUBJECTS[1];
    yield template.replace('{a}', first).replace('{b}', second);
  }
}

/** The first `count` sentences. */
export function someSentences(subjects: readonly string[], count: number): readonly string[] {
  const source = fillerSentences(subjects);
  return Array.from({ length: count }, () => source.next().value);
}
