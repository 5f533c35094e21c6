// What Muster uses of OpenSSL 3's libcrypto. Function-like macros, which Swift cannot see, become functions here.
#ifndef MUSTER_COPENSSL_SHIM_H
#define MUSTER_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

/// The bytes that a memory BIO holds, which remain its own.
static inline long muster_bio_memory(BIO *bio, char **bytes) {
    return BIO_get_mem_data(bio, bytes);
}

/// Selects the public half of a key.
static const int muster_public_key_selection = EVP_PKEY_PUBLIC_KEY;

/// An RSA key pair of a size; the OpenSSL function behind the macro is variadic.
static inline EVP_PKEY *muster_generate_rsa(size_t bits) {
    return EVP_RSA_gen(bits);
}

/// An Ed25519 key pair.
static inline EVP_PKEY *muster_generate_ed25519(void) {
    return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

/// Replaces the PEM reader's prompt for a passphrase on the terminal: an encrypted key is refused instead.
static inline int muster_no_passphrase(char *buffer, int size, int writing, void *context) {
    (void)buffer; (void)size; (void)writing; (void)context;
    return -1;
}

/// Reads a private key in PEM that needs no passphrase.
static inline EVP_PKEY *muster_read_private_key(const void *bytes, int length) {
    BIO *bio = BIO_new_mem_buf(bytes, length);
    if (bio == NULL) return NULL;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, muster_no_passphrase, NULL);
    BIO_free(bio);
    return key;
}

#endif
