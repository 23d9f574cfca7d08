// Crashes as its argument says.
use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::thread;

#[derive(Debug)]
struct PaymentError {
    order: u32,
    source: std::num::ParseIntError,
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "order {} was not paid", self.order)
    }
}

impl Error for PaymentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

#[inline(never)]
fn charge(amounts: &[i32], i: usize) -> i32 {
    100 / amounts[i]
}

fn pay(amount: &str) -> Result<i32, PaymentError> {
    let amount = amount.parse().map_err(|source| PaymentError { order: 77, source })?;
    Ok(charge(&[amount], 0))
}

#[inline(never)]
fn descend(n: u64) -> u64 {
    let way = std::hint::black_box([n; 64]);
    descend(n + 1) + way[3]
}

fn main() -> Result<(), Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("uncaught") => drop(charge(&[1, 2], 5)),
        Some("chained") => drop(pay("ten")?),
        Some("unwrap") => drop(pay("ten").unwrap()),
        Some("multiline") => panic!("three things are wrong:\n  - the card\n\n  - the amount\nError: and this line is no header"),
        Some("recursion") => drop(descend(0)),
        Some("thread") => {
            let t = thread::Builder::new().name("worker-7".into()).spawn(|| pay("0"))?;
            if t.join().is_err() {
                eprintln!("one more order waits");
            }
        }
        Some("logged") => {
            if let Err(e) = pay("ten") {
                let cause = e.source().map(|s| s.to_string()).unwrap_or_default();
                eprintln!("[ERROR pay] {e}: {cause}\n{}", Backtrace::force_capture());
            }
            eprintln!("[WARN pay] one more order waits");
        }
        _ => {}
    }
    Ok(())
}
