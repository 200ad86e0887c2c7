#!/bin/sh
# Starts the command with the Node that npm installed for it. An older one in the path hands over as well
# (keyturn.cjs), but to start that takes a quarter of the command's processor time.
case $0 in
  */*) self=$0 ;;
  *) self=./$0 ;;
esac
# npm links to this file.
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
here=$(CDPATH='' cd -- "${self%/*}" && pwd -P)

folder=$here
while [ -n "$folder" ]; do
  node=$folder/node_modules/node/bin/node
  # Room for what a command makes, in MiB, so that nothing of it is collected before it ends.
  [ -x "$node" ] && exec "$node" --min-semi-space-size=16 "$here/keyturn.cjs" "$@"
  folder=${folder%/*}
done
exec node "$here/keyturn.cjs" "$@"
