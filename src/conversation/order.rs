//! Sorting in few bytes of code: each type that the standard sorts are used for takes 3 KB of the worker's wasm.

use std::collections::BinaryHeap;

/// The items from least to greatest.
pub fn sorted<T: Ord>(items: Vec<T>) -> Vec<T> {
    BinaryHeap::from(items).into_sorted_vec()
}

/// The items by their keys; those with the same key keep their order. Meant for lists that are nearly in order.
pub fn sorted_by<T, K: Ord>(items: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    let mut list: Vec<T> = Vec::with_capacity(items.len());
    for item in items {
        let at = list.iter().rposition(|other| key(other) <= key(&item)).map_or(0, |at| at + 1);
        list.insert(at, item);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_is_that_of_the_standard_sorts() {
        let items: Vec<(u32, u32)> = (0..500).map(|n| (n * 7919 % 31, n)).collect();
        let mut expected = items.clone();
        expected.sort_by_key(|item| item.0);
        assert_eq!(sorted_by(items.clone(), |item| item.0), expected);
        expected.sort_unstable();
        assert_eq!(sorted(items), expected);
    }
}
