/** Where the build puts the texts of the example of a provider, by their paths: new packages are made from them. */
export const EXAMPLE_FILES = new URL('../dist/new-provider.json', import.meta.url);
