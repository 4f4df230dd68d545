import { describe, expect, it } from '@jest/globals';
import { providerNames, renamed } from './provider-names.js';
import { UsageError } from './usage-error.js';

describe('the name of a new provider', () => {
  it('stands in each place in the form that belongs there', () => {
    const text =
      "import { acme, AcmeOptions } from './acme-options.js'; acme({ key: 'ACME_API_KEY' }); 'acme:m'; headrace-provider-acme\n";
    expect(renamed(text, providerNames('river-song'))).toBe(
      "import { riverSong, RiverSongOptions } from './river-song-options.js'; riverSong({ key: 'RIVER_SONG_API_KEY' }); 'river-song:m'; headrace-provider-river-song\n",
    );
  });

  it.each(['class', 'default', 'plugin', 'process', 'this'])(
    'is told apart from the word %s of the language',
    (name) => {
      expect(renamed('export const acme = (options: AcmeOptions) => 0;', providerNames(name))).toMatch(
        new RegExp(`^export const ${name}Provider = \\(options: [A-Z]`),
      );
    },
  );

  it.each(['', 'River', 'river_song', '-river', 'river-', '../river', '1river', 'river-2', 'x'.repeat(41)])(
    'is not %p',
    (name) => {
      expect(() => providerNames(name)).toThrow(UsageError);
    },
  );
});
