#!/bin/sh
# PID 1 of a cluster's node: containerd and the kubelet, in PID and mount namespaces of their own. When this ends, the kernel kills
# every container and shim and drops every mount. The network is the host's, so that 127.0.0.1 names the API server and registries.
set -eu
directory=$1 kubelet=$2 node=$3 address=$4
socket=$directory/node/containerd.sock

# Volumes and root file systems go from kubelet to containerd to containers, and nowhere else.
mount --make-rshared /

# Paths that containerd, CNI and the kubelet do not let one choose.
for folder in /run/containerd /var/lib/cni /var/log; do
  mkdir -p "$folder"
  mount -t tmpfs tmpfs "$folder"
done

# The kubelet sets these for the whole machine. It finds them as it wants them, and leaves the machine's alone.
for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
  file=$directory/node/sysctl/${setting%=*}
  mkdir -p "${file%/*}"
  echo "${setting#*=}" >"$file"
  mount --bind "$file" "/proc/sys/${setting%=*}"
done

# If either ends, all ends.
trap 'exit 1' TERM
run() {
  log=$directory/logs/$1.log
  shift
  ("$@" >"$log" 2>&1 || true; kill -TERM 1) &
}

run containerd containerd --config "$directory/node/containerd.toml"
until ctr --address "$socket" version >/dev/null 2>&1; do sleep 0.05; done
ctr --address "$socket" --namespace k8s.io images import "$directory/node/pause.tar" >/dev/null
run kubelet "$kubelet" --config "$directory/node/kubelet.json" --kubeconfig "$directory/node/kubeconfig" \
  --root-dir "$directory/node/kubelet" --cert-dir "$directory/node/kubelet-certs" --hostname-override "$node" --node-ip "$address"
while :; do wait; done
