#!/bin/sh
# Makes the keys of the examples anew. They are for tests only: everybody can read them.
set -e
cd "$(dirname "$0")"
days=36500
openssl ecparam -name prime256v1 -genkey -noout -out authority.key
openssl req -x509 -new -key authority.key -days $days -subj "/CN=Sluice test authority" \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -out authority.crt

leaf() { # name, subject alternative names; the key is there
  openssl req -new -key "$1.key" -subj "/CN=$1 (test only)" -out "$1.csr"
  printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n' "$2" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA authority.crt -CAkey authority.key -set_serial "0x$(openssl rand -hex 8)" \
    -days $days -sha256 -extfile "$1.ext" -out "$1.crt"
  rm "$1.csr" "$1.ext"
}
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out localhost.key
leaf localhost DNS:localhost,IP:127.0.0.1,IP:::1
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out api.key
leaf api DNS:api.example.com,DNS:*.api.example.com
openssl pkcs8 -topk8 -v2 aes-256-cbc -in api.key -passout file:api.passphrase -out api-encrypted.key
rm api.key authority.key
