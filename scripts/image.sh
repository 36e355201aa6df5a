# Sourced by scripts that need a file system of their own: an ext4 image at $dir/image, mounted at
# $dir/mount.

# Ends the script, as one that need not run here, unless images can be made and mounted.
skip_without_images() {
  local why=""
  if ((EUID != 0)); then
    why="only root may mount"
  elif ! command -v mkfs.ext4 python3 >/dev/null; then
    why="mkfs.ext4 and python3 are needed"
  elif ! losetup -f >/dev/null 2>&1; then
    why="there are no loop devices"
  fi
  if [[ -n $why ]]; then
    echo "$(basename "$0"): skipped: $why"
    exit 0
  fi
}

# An image of $1 MiB with an empty file system, mounted.
make_image() {
  truncate -s "$1M" "$dir/image"
  mkfs.ext4 -q -m 0 "$dir/image"
  mkdir "$dir/mount"
  mount_image
}

mount_image() {
  mount -o loop "$dir/image" "$dir/mount"
}

unmount_image() {
  for ((tries = 0; tries < 100; tries++)); do
    mountpoint -q "$dir/mount" || return 0
    umount "$dir/mount" 2>/dev/null || sleep 0.1
  done
  fail "$dir/mount cannot be unmounted"
}

# From now on every write fails, and what was not synced is gone, the file system's journal too.
shut_down_image() {
  python3 - "$dir/mount" <<'PYTHON'
import fcntl, os, struct, sys
GOING_DOWN, NO_LOG_FLUSH = 0x8004587D, 2
directory = os.open(sys.argv[1], os.O_RDONLY)
fcntl.ioctl(directory, GOING_DOWN, struct.pack("I", NO_LOG_FLUSH))
PYTHON
}
