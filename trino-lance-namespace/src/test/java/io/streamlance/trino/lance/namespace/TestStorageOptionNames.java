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
import org.junit.jupiter.api.Test;

import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

final class TestStorageOptionNames
{
    @Test
    void testStores()
    {
        assertThat(StorageOptionNames.of("s3://bucket/lake")).isEqualTo(StorageOptionNames.S3);
        assertThat(StorageOptionNames.of("S3A://bucket/lake")).isEqualTo(StorageOptionNames.S3);
        assertThat(StorageOptionNames.of("abfss://c@a.dfs.core.windows.net/lake")).isEqualTo(StorageOptionNames.AZURE);
        assertThat(StorageOptionNames.of("gs://bucket/lake")).isEqualTo(StorageOptionNames.GCS);
        assertThat(StorageOptionNames.of("file:///lake")).isEqualTo(StorageOptionNames.OTHER);
        assertThat(StorageOptionNames.of("/lake")).isEqualTo(StorageOptionNames.OTHER);
    }

    @Test
    void testSameOptionUnderSeveralNames()
    {
        for (String name : new String[] {"access_key_id", "aws_access_key_id", "AWS_ACCESS_KEY_ID", "s3.access-key-id"}) {
            assertThat(StorageOptionNames.S3.canonical(Map.of(name, "key"))).isEqualTo(Map.of("aws_access_key_id", "key"));
        }
        // all at once, as some servers send them
        assertThat(StorageOptionNames.S3.canonical(ImmutableMap.of("token", "other", "aws_session_token", "token", "session_token", "other")))
                .isEqualTo(Map.of("aws_session_token", "token"));
        assertThat(StorageOptionNames.S3.canonical(Map.of("client_max_retries", "1"))).isEqualTo(Map.of("client_max_retries", "1"));
    }

    @Test
    void testTokenDependsOnStore()
    {
        assertThat(StorageOptionNames.AZURE.canonical(Map.of("token", "value"))).isEqualTo(Map.of("azure_storage_token", "value"));
        assertThat(StorageOptionNames.OTHER.canonical(Map.of("token", "value"))).isEqualTo(Map.of("token", "value"));
    }

    @Test
    void testOptionsOfTableComeFirst()
    {
        assertThat(StorageOptionNames.S3.merge(
                Map.of("region", "here", "endpoint", "http://catalog"),
                Map.of("aws_region", "there")))
                .isEqualTo(Map.of("aws_region", "there", "aws_endpoint", "http://catalog"));
    }

    @Test
    void testCredentialsAreNotMixed()
    {
        Map<String, String> catalog = ImmutableMap.of("region", "here", "access_key_id", "1", "secret_access_key", "2", "session_token", "3");
        assertThat(StorageOptionNames.S3.merge(catalog, ImmutableMap.of("aws_access_key_id", "4", "aws_secret_access_key", "5")))
                .isEqualTo(Map.of("aws_region", "here", "aws_access_key_id", "4", "aws_secret_access_key", "5"));
        assertThat(StorageOptionNames.S3.merge(Map.of("skip_signature", "true"), ImmutableMap.of("access_key_id", "4", "secret_access_key", "5")))
                .isEqualTo(Map.of("aws_access_key_id", "4", "aws_secret_access_key", "5"));
        assertThat(StorageOptionNames.AZURE.merge(Map.of("account_name", "a", "account_key", "k"), Map.of("sas_token", "s")))
                .isEqualTo(Map.of("azure_storage_account_name", "a", "azure_storage_sas_key", "s"));
        assertThat(StorageOptionNames.GCS.merge(Map.of("service_account", "file"), Map.of("gcs.oauth2.token", "t")))
                .isEqualTo(Map.of("google_storage_token", "t"));
    }
}
