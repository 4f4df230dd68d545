// @ai-sdk/provider asks for Node 22, as all of the AI SDK does. What we use of it, types and classes of errors, runs on
// every Node that we support, and is tested there.
module.exports = {
  hooks: {
    readPackage(manifest) {
      if (manifest.name === '@ai-sdk/provider') delete manifest.engines;
      return manifest;
    },
  },
};
