# Authorities and what they have signed, in the current directory, as people make them with openssl. Of each NAME there
# are NAME.pem and NAME.key. It is read by `run`; who shows which is not known here.
#
#   ours, theirs   authorities
#   server         for 127.0.0.1 and localhost, signed by ours
#   expired        the same, for one month of 2020
#   elsewhere      for plas.example alone, signed by ours
#   nameless       127.0.0.1 as its common name and no alternative names, signed by ours
#   itself, alone  for 127.0.0.1, signed by themselves: as an authority, which is what openssl makes unless it is told
#                  otherwise, and as none
#   client         signed by ours; client-and-key.pem has both, client-of-old.key is the key in its older form, and
#                  client-locked.key is the key under a passphrase
#   stranger       a client, signed by theirs
#   bundle.pem     theirs, some words, and ours
here='subjectAltName=IP:127.0.0.1,DNS:localhost'

# request NAME [OPTION]...: a key, and what openssl makes beside it.
request() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" "${@:2}"
}

authority() {
  request "$1" -x509 -days 2 -subj "/CN=the authority $1" -out "$1.pem"
}

# signed NAME AUTHORITY SUBJECT EXTENSIONS [OPTION]...
signed() {
  request "$1" -subj "/CN=$3" -out "$1.csr" &&
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 2 -out "$1.pem" \
      -extfile <(printf '%s\n' "$4") "${@:5}"
}

# Only the command for whole authorities can say from when to when.
expired() {
  request expired -subj /CN=expired -out expired.csr && : >issued && echo 01 >serial &&
    openssl ca -batch -notext -in expired.csr -out expired.pem -cert ours.pem -keyfile ours.key -outdir . \
      -startdate 20200101000000Z -enddate 20200201000000Z -extfile <(echo "$here") -config <(
        printf '%s\n' '[ca]' 'default_ca = one' '[one]' 'database = issued' 'serial = serial' 'default_md = sha256' \
          'policy = any' '[any]' 'commonName = supplied'
      )
}

authority ours &&
  authority theirs &&
  signed server ours server "$here" &&
  expired &&
  signed elsewhere ours elsewhere subjectAltName=DNS:plas.example &&
  signed nameless ours 127.0.0.1 basicConstraints=CA:FALSE &&
  request itself -x509 -days 2 -subj /CN=itself -addext "$here" -out itself.pem &&
  request alone -x509 -days 2 -subj /CN=alone -addext "$here" -addext basicConstraints=critical,CA:FALSE -out alone.pem &&
  signed client ours client extendedKeyUsage=clientAuth &&
  signed stranger theirs stranger extendedKeyUsage=clientAuth &&
  cat client.pem client.key >client-and-key.pem &&
  openssl pkey -in client.key -aes256 -passout pass:of-the-key -out client-locked.key &&
  { cat theirs.pem; echo 'and the one of our own:'; cat ours.pem; } >bundle.pem &&
  openssl ec -in client.key -out client-of-old.key
