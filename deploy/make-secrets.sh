#!/usr/bin/env bash
# Makes what docker-compose.yml mounts from ./secrets and nobody else may have: a certificate authority of this installation,
# the certificates by which its parts know each other, and the key file of the replica set. What is there already stays.
#
#   deploy/make-secrets.sh [NAME…]    NAME: host names of the hub, as departments will write them; localhost when absent
#
# The folder is 0700. The files in it are readable, because containers of several users read them: keep the folder as it is.
# The hub's own keys are not made here: `hub keys init` makes them inside their volumes (the jobs `gateway-keys`,
# `subgraph-keys` and `exchange-keys`).
set -euo pipefail

folder=${SECRETS_DIR:-$(cd "$(dirname "$0")/.." && pwd)/secrets}
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(localhost)
subgraphs=(population legal-persons geospatial statistics archives exchange hotline)

# A private file is created as one: it must not be open for the moment before a chmod.
umask 077
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

say() { printf '%s\n' "$*"; }

# authority: signs every certificate below; whoever has its key can pose as any part of this installation.
if [ ! -e ca.crt ]; then
  openssl ecparam -genkey -name prime256v1 -noout -out ca.key
  openssl req -new -x509 -key ca.key -sha256 -days 3650 -subj '/O=shuniu/CN=shuniu installation' \
    -addext 'basicConstraints=critical,CA:TRUE,pathlen:0' -addext 'keyUsage=critical,keyCertSign' -out ca.crt
  chmod 444 ca.crt
  say 'made ca.crt and ca.key: move ca.key away from this host once everything is made'
fi

# certificate FILE SUBJECT USAGE [ALTERNATIVE-NAMES]: a key and its certificate in one PEM file.
certificate() {
  local file=$1.pem subject=$2 usage=$3 alternatives=${4:-} key request
  [ ! -e "$file" ] || return 0
  [ -e ca.key ] || { say "$file: missing, and ca.key is away. Bring ca.key back for a moment and run this again." >&2; exit 1; }
  key=$(openssl ecparam -genkey -name prime256v1 -noout)
  request=$(openssl req -new -key <(printf '%s' "$key") -subj "$subject")
  {
    printf '%s\n' "$key"
    openssl x509 -req -in <(printf '%s' "$request") -CA ca.crt -CAkey ca.key -sha256 -days 825 -set_serial "0x$(openssl rand -hex 16)" \
      -extfile <(
        printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\n' "$usage"
        [ -z "$alternatives" ] || printf 'subjectAltName=%s\n' "$alternatives"
      ) 2>/dev/null
  } >"$file.new"
  chmod 444 "$file.new"
  mv "$file.new" "$file"
  say "made $file"
}

# Stores know each other by the key file and everybody else by certificate: the subject is the database user (store-init.mongosh).
# OU differs, as a client that looks like a member would be taken for one.
if [ ! -e mongo-keyfile ]; then
  openssl rand -base64 756 >mongo-keyfile
  chmod 444 mongo-keyfile
  say 'made mongo-keyfile'
fi
for member in mongo1 mongo2 mongo3; do
  certificate "$member" "/O=shuniu/OU=store/CN=$member" serverAuth,clientAuth "DNS:$member,DNS:localhost,IP:127.0.0.1"
done
for user in admin hub population legal-persons geospatial statistics archives hotline; do
  certificate "$user-database" "/O=shuniu/OU=client/CN=$user" clientAuth
done

for subgraph in "${subgraphs[@]}"; do
  certificate "$subgraph-tls" "/O=shuniu/OU=subgraph/CN=$subgraph" serverAuth "DNS:$subgraph"
done

# What departments see. A certificate of your own authority, key and chain in one file, may stand here instead.
certificate hub-tls "/O=shuniu/OU=hub/CN=${names[0]}" serverAuth "$(printf 'DNS:%s,' "${names[@]}" | sed 's/,$//')"

# What the gateways trust besides the public authorities: this installation, and what you append (the authority of your token issuer).
if [ ! -e trusted.crt ]; then
  cp ca.crt trusted.crt
  chmod 644 trusted.crt
  say 'made trusted.crt'
fi

say "secrets are complete: $folder"
