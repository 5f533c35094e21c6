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

/// Memory for secret bytes, zero at first; NULL where there is none.
static inline unsigned char *muster_secret_memory(size_t length) {
    return (unsigned char *)OPENSSL_zalloc(length);
}

/// Overwrites such memory and gives it back.
static inline void muster_give_back(unsigned char *memory, size_t length) {
    OPENSSL_clear_free(memory, length);
}

/// An RSA public key of its two numbers. In C because the builder keeps the pointers to the names "n" and "e", which
/// Swift's strings do not outlive their call.
static inline EVP_PKEY *muster_rsa_public_key(
    const unsigned char *modulus, size_t modulus_length, const unsigned char *exponent, size_t exponent_length
) {
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters = NULL;
    BIGNUM *n = BN_bin2bn(modulus, (int)modulus_length, NULL);
    BIGNUM *e = BN_bin2bn(exponent, (int)exponent_length, NULL);
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (n != NULL && e != NULL && builder != NULL && context != NULL
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n) == 1
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e) == 1
        && (parameters = OSSL_PARAM_BLD_to_param(builder)) != NULL
        && EVP_PKEY_fromdata_init(context) == 1
        && EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        key = NULL;
    }
    OSSL_PARAM_free(parameters);
    EVP_PKEY_CTX_free(context);
    OSSL_PARAM_BLD_free(builder);
    BN_free(e);
    BN_free(n);
    return key;
}

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
