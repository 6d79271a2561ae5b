/**
 * A command that runs with a disk of this size at `folder`. It is mounted in a name space of its
 * own, so nobody else sees it and it goes with the command. Root may do this, and whoever may make
 * user name spaces.
 */
export function onSmallDisk(size: string, folder: string, ...command: string[]): [string, string[]] {
  const asRoot = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  const script = 'mount -t tmpfs -o "size=$1" tmpfs "$2" && shift 2 && exec "$@"';
  return ["unshare", ["--mount", ...asRoot, "sh", "-c", script, "sh", size, folder, ...command]];
}
