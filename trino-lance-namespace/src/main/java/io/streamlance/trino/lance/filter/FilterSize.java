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
package io.streamlance.trino.lance.filter;

import io.airlift.slice.SizeOf;

import static io.airlift.slice.SizeOf.estimatedSizeOf;
import static io.airlift.slice.SizeOf.instanceSize;

/// Estimates what filters take in the memory of the JVM.
final class FilterSize
{
    private static final int PATH_SIZE = instanceSize(FieldPath.class);
    private static final int TERM_SIZE = instanceSize(LanceFilter.ArrayContains.class);

    private FilterSize() {}

    static long of(LanceFilter filter)
    {
        return TERM_SIZE + switch (filter) {
            case LanceFilter.Comparison(FieldPath field, _, _, String value) -> of(field) + estimatedSizeOf(value);
            case LanceFilter.In in -> of(in.field()) + estimatedSizeOf(in.values(), SizeOf::estimatedSizeOf);
            case LanceFilter.IsNull(FieldPath field) -> of(field);
            case LanceFilter.Like(FieldPath field, String pattern) -> of(field) + estimatedSizeOf(pattern);
            case LanceFilter.StartsWith(FieldPath field, String prefix) -> of(field) + estimatedSizeOf(prefix);
            case LanceFilter.ArrayContains(FieldPath field, _, String value) -> of(field) + estimatedSizeOf(value);
            case LanceFilter.And and -> estimatedSizeOf(and.terms(), FilterSize::of);
            case LanceFilter.Or or -> estimatedSizeOf(or.terms(), FilterSize::of);
            case LanceFilter.Not(LanceFilter term) -> of(term);
            case LanceFilter.Constant _ -> 0;
        };
    }

    private static long of(FieldPath field)
    {
        return PATH_SIZE + estimatedSizeOf(field.names(), SizeOf::estimatedSizeOf);
    }
}
