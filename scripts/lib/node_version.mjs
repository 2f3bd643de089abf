/** Stops under a Node that is too old for the tools; imported first by every script. */

const oldest = [20, 19];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `Node ${oldest.join('.')} or newer is needed; this is ${process.versions.node}. Get a newer one ` +
      'from nodejs.org or with your version manager (nvm install 22), then run this command again.',
  );
  process.exit(1);
}
