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
package io.streamlance.trino.lance.namespace;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedMap;

import java.util.Map;
import java.util.Set;

import static com.google.common.collect.ImmutableMap.toImmutableMap;
import static java.util.Locale.ENGLISH;
import static java.util.Objects.requireNonNull;

/// The names of storage options in one kind of object store. Lance takes several names for one option, and of two given
/// at the same time any; the environment of the process only yields to the first of them. So options have to have one
/// name before those of a catalog and of a table are put together.
/// Source: the configuration keys of the Rust crate object_store, and those of Iceberg's REST catalogs.
enum StorageOptionNames
{
    S3(ImmutableMap.<String, Set<String>>builder()
            .put("aws_access_key_id", ImmutableSet.of("access_key_id", "s3.access-key-id"))
            .put("aws_secret_access_key", ImmutableSet.of("secret_access_key", "s3.secret-access-key"))
            .put("aws_session_token", ImmutableSet.of("aws_token", "session_token", "token", "s3.session-token"))
            .put("aws_region", ImmutableSet.of("region", "s3.region", "client.region"))
            .put("aws_endpoint", ImmutableSet.of("aws_endpoint_url", "endpoint_url", "endpoint", "s3.endpoint"))
            .put("aws_virtual_hosted_style_request", ImmutableSet.of("virtual_hosted_style_request"))
            .put("aws_skip_signature", ImmutableSet.of("skip_signature"))
            .put("allow_http", ImmutableSet.of("aws_allow_http"))
            .buildOrThrow(),
            ImmutableSet.of("aws_access_key_id", "aws_secret_access_key", "aws_session_token", "aws_skip_signature")),
    AZURE(ImmutableMap.<String, Set<String>>builder()
            .put("azure_storage_account_name", ImmutableSet.of("account_name"))
            .put("azure_storage_account_key", ImmutableSet.of("account_key", "access_key", "master_key", "azure_storage_access_key", "azure_storage_master_key"))
            .put("azure_storage_sas_key", ImmutableSet.of("azure_storage_sas_token", "sas_key", "sas_token"))
            .put("azure_storage_token", ImmutableSet.of("bearer_token", "token"))
            .put("azure_storage_client_id", ImmutableSet.of("azure_client_id", "client_id"))
            .put("azure_storage_client_secret", ImmutableSet.of("azure_client_secret", "client_secret"))
            .buildOrThrow(),
            ImmutableSet.of("azure_storage_account_key", "azure_storage_sas_key", "azure_storage_token", "azure_storage_client_id", "azure_storage_client_secret")),
    GCS(ImmutableMap.<String, Set<String>>builder()
            .put("google_service_account", ImmutableSet.of("service_account", "google_service_account_path", "service_account_path"))
            .put("google_service_account_key", ImmutableSet.of("service_account_key"))
            .put("google_application_credentials", ImmutableSet.of("application_credentials"))
            .put("google_storage_token", ImmutableSet.of("gcs.oauth2.token"))
            .buildOrThrow(),
            ImmutableSet.of("google_service_account", "google_service_account_key", "google_application_credentials", "google_storage_token")),
    OTHER(ImmutableMap.of(), ImmutableSet.of()),
    /**/;

    private final Map<String, String> names;
    private final Set<String> credentials;

    StorageOptionNames(Map<String, Set<String>> aliases, Set<String> credentials)
    {
        ImmutableMap.Builder<String, String> names = ImmutableMap.builder();
        aliases.forEach((name, others) -> others.forEach(alias -> names.put(alias, name)));
        this.names = names.buildOrThrow();
        this.credentials = requireNonNull(credentials, "credentials is null");
    }

    static StorageOptionNames of(String location)
    {
        int schemeEnd = location.indexOf("://");
        String scheme = schemeEnd < 0 ? "file" : location.substring(0, schemeEnd).toLowerCase(ENGLISH);
        return switch (scheme) {
            case "s3", "s3a", "s3+ddb" -> S3;
            case "az", "abfs", "abfss" -> AZURE;
            case "gs" -> GCS;
            default -> OTHER;
        };
    }

    /// The options under the names that Lance looks at first. Of several names for one option this one counts, if it is
    /// given, else the last in the alphabet.
    Map<String, String> canonical(Map<String, String> options)
    {
        ImmutableMap.Builder<String, String> canonical = ImmutableMap.builder();
        Map<String, String> sorted = ImmutableSortedMap.copyOf(options);
        sorted.forEach((name, value) -> canonical.put(canonicalName(name), value));
        sorted.forEach((name, value) -> {
            if (name.equals(canonicalName(name))) {
                canonical.put(name, value);
            }
        });
        return canonical.buildKeepingLast();
    }

    /// The options of a catalog with those of one table over them. Credentials are replaced as a whole: a session token
    /// of the catalog must not go with an access key of the table.
    Map<String, String> merge(Map<String, String> catalog, Map<String, String> table)
    {
        Map<String, String> own = canonical(table);
        boolean ownCredentials = own.keySet().stream().anyMatch(credentials::contains);
        Map<String, String> inherited = canonical(catalog).entrySet().stream()
                .filter(option -> !(ownCredentials && credentials.contains(option.getKey())))
                .collect(toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
        return ImmutableMap.<String, String>builder()
                .putAll(inherited)
                .putAll(own)
                .buildKeepingLast();
    }

    private String canonicalName(String name)
    {
        String lowerCase = name.toLowerCase(ENGLISH);
        return this == OTHER ? name : names.getOrDefault(lowerCase, lowerCase);
    }
}
