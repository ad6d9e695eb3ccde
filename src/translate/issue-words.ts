type Words = readonly (readonly [form: RegExp, words: (match: readonly string[]) => string])[];

const kinds: Readonly<Record<string, string>> = {
  string: 'a text ("...")',
  number: 'a number (without quotes)',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list ([...])',
  object: 'an object ({...})',
  record: 'an object ({...})',
};

const given: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'a boolean',
  array: 'a list',
  object: 'an object',
};

const forms: Words = [
  [/^Invalid input: expected \w+, received undefined$/, () => 'is missing; add it'],
  [/^Invalid input: expected int, received number$/, () => 'must be a whole number'],
  [
    /^Invalid input: expected (\w+), received (\w+)$/,
    ([, wanted = '', got = '']) => `must be ${kinds[wanted] ?? wanted}, not ${given[got] ?? got}`,
  ],
  [/^Too small: expected (?:number|int) to be >=?(\S+)$/, ([, least = '']) => `must be at least ${least}`],
  [/^Too big: expected (?:number|int) to be <=?(\S+)$/, ([, most = '']) => `must be at most ${most}`],
  [/^Too small: expected \w+ to have >=?1 (?:characters|items)$/, () => 'must not be empty; give it a value'],
  [/^Too small: expected \w+ to have >=?(\d+) (\w+)$/, ([, least = '', what = '']) => `must have at least ${least} ${what}`],
  [/^Too big: expected \w+ to have <=?(\d+) (\w+)$/, ([, most = '', what = '']) => `must have at most ${most} ${what}`],
  [/^Invalid option: expected one of (.+)$/, ([, options = '']) => `must be one of ${options.replaceAll('"', '').replaceAll('|', ', ')}`],
  [/^Invalid (?:input|option): expected (".+")$/, ([, only = '']) => `must be ${only.replaceAll('"', '')}`],
];

/** What a schema says of a value, in words that tell a person what to write. Other messages stay as they are. */
export function issueWords(message: string): string {
  for (const [form, words] of forms) {
    const match = form.exec(message);
    if (match !== null) return words(match);
  }
  return message.replace(/^Invalid input: /, '');
}
