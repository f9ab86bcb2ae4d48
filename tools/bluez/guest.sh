#!/usr/bin/env bash
# Runs a command beside a real Linux Bluetooth kernel and a real bluetoothd, in a guest that is thrown away:
#
#   guest.sh HOST:PORT FOLDER COMMAND [ARGUMENT...]
#
# HOST:PORT is an HCI server (H4 over TCP), the guest's only adapter. The guest sees this machine's files at the same
# paths; of what it writes only FOLDER stays. It has no network. Status: the command's, 125 where it was never begun.
# Debian 12 on x86-64. The first run installs what is missing (as root) and unpacks a kernel into the cache, 30 s.
set -euo pipefail
hci=$1 folder=$(readlink -f "$2")
shift 2
cache=${XDG_CACHE_HOME:-$HOME/.cache}/coxa-bluez
timeout_s=${COXA_BLUEZ_TIMEOUT_S:-600}
PATH=$PATH:/usr/sbin:/sbin

install_missing() {
  local missing=()
  command -v qemu-system-x86_64 >/dev/null || missing+=(qemu-system-x86)
  [ -x /usr/libexec/bluetooth/bluetoothd ] || missing+=(bluez)
  command -v dbus-daemon >/dev/null || missing+=(dbus)
  command -v cpio >/dev/null || missing+=(cpio)
  command -v modprobe >/dev/null || missing+=(kmod)
  [ -x /bin/busybox ] || missing+=(busybox-static)
  [ ${#missing[@]} -eq 0 ] || {
    apt-get update -q >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}" >/dev/null
  }
}

# Debian's own kernel, downloaded and not installed; its modules, in the order in which they load, go into the initramfs.
make_kernel() {
  local work name version
  work=$(mktemp -d "$cache/making.XXXXXX")
  name=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ {print $2; exit}')
  (cd "$work" && apt-get download -q "$name" >/dev/null && dpkg-deb -x linux-image-*.deb kernel)
  version=$(ls "$work/kernel/lib/modules")
  depmod -b "$work/kernel" "$version" 2>/dev/null
  mkdir -p "$work/tree"/{bin,modules,proc,sys,dev,lower,upper,new}
  cp /bin/busybox "$work/tree/bin/"
  for module in virtio_pci virtio_console 9pnet_virtio 9p overlay cmac ecb ctr drbg jitterentropy_rng sha512_generic \
    af_alg algif_hash algif_skcipher uhid bluetooth hci_uart; do
    modprobe -d "$work/kernel" -S "$version" --show-depends "$module" | awk '/^insmod/ {print $2}'
  done | awk '!seen[$0]++' | while read -r file; do
    cp "$file" "$work/tree/modules/"
    basename "$file" >>"$work/tree/modules/order"
  done
  cat >"$work/tree/init" <<'INIT'
#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sys /sys; $b mount -t devtmpfs dev /dev
for module in $($b cat /modules/order); do $b insmod "/modules/$module"; done
share=trans=virtio,version=9p2000.L,msize=524288
$b mount -t 9p -o $share,ro,cache=loose host /lower
$b mount -t tmpfs upper /upper; $b mkdir /upper/files /upper/work
$b mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work root /new
$b mount -t proc proc /new/proc; $b mount -t sysfs sys /new/sys; $b mount -t devtmpfs dev /new/dev
$b mkdir -p /new/dev/shm; $b mount -t tmpfs shm /new/dev/shm; $b mount -t tmpfs run /new/run
$b mount -t 9p -o $share,cache=none job /new/mnt
$b mount -t 9p -o $share,cache=none folder "/new$($b cat /new/mnt/folder)"
exec $b switch_root /new /bin/bash /mnt/guest
INIT
  chmod +x "$work/tree/init"
  (cd "$work/tree" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"
  cp "$work"/kernel/boot/vmlinuz-* "$cache/kernel"
  mv "$work/initrd" "$cache/initrd" # last: where it lies, all is there
  rm -rf "$work"
}

install_missing
mkdir -p "$cache"
[ -s "$cache/initrd" ] || make_kernel

job=$(mktemp -d)
trap 'rm -rf "$job"' EXIT
echo "$folder" >"$job/folder"
{ printf 'cd %q\n' "$PWD"; printf '%q ' "$@"; echo; } >"$job/command"
cat >"$job/guest" <<'GUEST'
exec >/dev/hvc0 2>&1 </dev/null
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 PYTHONUNBUFFERED=1
busybox ip link set lo up
ln -sf /proc/self/fd /dev/fd
mkdir -p /run/dbus /var/lib/bluetooth
rm -rf /var/lib/bluetooth/*
tr -d - </proc/sys/kernel/random/uuid >/etc/machine-id
until_true() { for _ in $(seq 300); do "$@" >/dev/null 2>&1 && return; sleep 0.05; done; echo "guest: in vain: $*"; }
named() { dbus-send --system --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetNameOwner string:org.bluez; }
powered() {
  dbus-send --system --print-reply --dest=org.bluez /org/bluez/hci0 org.freedesktop.DBus.Properties.Set \
    string:org.bluez.Adapter1 string:Powered variant:boolean:true
}
dbus-daemon --system --fork --nopidfile
/usr/libexec/bluetooth/bluetoothd -n 2>/mnt/bluetoothd &
until_true named
btattach -B /dev/hvc1 -P h4 >/mnt/btattach 2>&1 &
until_true powered
echo "guest: Linux $(uname -r), BlueZ $(bluetoothctl --version | awk '{print $2}'), ready after $(cut -d. -f1 /proc/uptime) s"
(. /mnt/command)
echo $? >/mnt/status
sync
busybox poweroff -f
GUEST
share=security_model=none,multidevs=remap
timeout --foreground -k 5 "$timeout_s" qemu-system-x86_64 -M q35 -accel tcg,thread=multi,tb-size=512 -cpu max,-la57 \
  -m 2048 -smp 2 -nodefaults -no-user-config -display none -no-reboot -nic none \
  -kernel "$cache/kernel" -initrd "$cache/initrd" \
  -append "console=ttyS0 quiet loglevel=3 panic=-1 tsc=reliable no_timer_check mitigations=off" -serial "file:$job/console" \
  -device virtio-serial-pci -chardev stdio,id=out,signal=off -device virtconsole,chardev=out \
  -chardev "socket,id=hci,host=${hci%:*},port=${hci##*:},nodelay=on" -device virtconsole,chardev=hci \
  -virtfs "local,path=/,mount_tag=host,readonly=on,$share" -virtfs "local,path=$job,mount_tag=job,$share" \
  -virtfs "local,path=$folder,mount_tag=folder,$share" </dev/null 2>"$job/qemu" || true
[ -s "$job/status" ] || { tail -5 "$job/console" "$job/qemu" "$job/bluetoothd" >&2; exit 125; }
exit "$(cat "$job/status")"
