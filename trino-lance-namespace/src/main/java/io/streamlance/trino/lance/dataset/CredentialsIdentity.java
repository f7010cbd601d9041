/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.streamlance.trino.lance.dataset;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.hash.HashCode;
import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.streamlance.trino.lance.namespace.VendedOptions;

import java.security.SecureRandom;

/// Tells credentials apart without keeping them. The salt is of this process only, so that the value says nothing to
/// others.
final class CredentialsIdentity
{
    private final HashFunction hash;

    CredentialsIdentity()
    {
        byte[] salt = new byte[32];
        new SecureRandom().nextBytes(salt);
        hash = Hashing.hmacSha256(salt);
    }

    /// The same for options that differ only by the time at which they expire.
    HashCode of(VendedOptions vended)
    {
        Hasher hasher = hash.newHasher();
        ImmutableSortedMap.copyOf(vended.storageOptions()).forEach((name, value) -> hasher
                .putInt(name.length()).putUnencodedChars(name)
                .putInt(value.length()).putUnencodedChars(value));
        return hasher.hash();
    }
}
