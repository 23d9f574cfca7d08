use std::fmt;
#[derive(Debug)] struct Declined { code: i32, wallet: String }
impl fmt::Display for Declined { fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { write!(f, "declined {}", self.code) } }
impl std::error::Error for Declined {}
struct Guard; impl Drop for Guard { fn drop(&mut self) { panic!("rollback failed") } }
extern "C" fn callback() { panic!("in callback") }
fn recurse(n: u64) -> u64 { let a=[n;64]; if n == u64::MAX { 0 } else { recurse(n+1) + a[(n%64) as usize] } }
#[inline(always)] fn inner(v: &[i32], i: usize) -> i32 { v[i] }
fn settle(v: &[i32], i: usize) -> i32 { inner(v, i) }
struct Wallet<T>(T);
impl<T: Clone> Wallet<T> { fn take(&self, o: Option<T>) -> T { o.expect("wallet must exist") } }
fn main() -> Result<(), Box<dyn std::error::Error>> {
  match std::env::args().nth(1).unwrap().as_str() {
    "plain" => panic!("boom"),
    "multi" => panic!("line one\nline two: at column 0\n\n  indented\nlast"),
    "empty" => panic!(""),
    "pretty" => { let r: Result<(), Declined> = Err(Declined{code:51, wallet:"w-2".into()}); println!("{:#?}", 1); if let Err(e) = &r { panic!("settle failed: {:#?}", e) } }
    "double" => { let _g = Guard; panic!("charge failed") }
    "nounwind" => callback(),
    "overflow" => { println!("{}", recurse(0)) }
    "index" => { println!("{}", settle(&[1,2], 7)) }
    "generic" => { Wallet(3).take(None); }
    "threads" => { let hs: Vec<_> = (0..2).map(|i| std::thread::Builder::new().name(format!("worker 'x' {i}")).spawn(move || { panic!("job {i}") }).unwrap()).collect(); for h in hs { let _ = h.join(); } println!("done"); let _ = std::thread::spawn(|| { let _x: i32 = "a".parse().unwrap(); }).join(); println!("plain line after"); }
    "any" => std::panic::panic_any(42),
    "err" => return Err(Box::new(Declined{code:51, wallet:"w-2".into()})),
    "io" => { std::fs::read("/nonexistent")?; }
    "str" => return Err("no such wallet".into()),
    "parse" => { let _: i32 = "x".parse()?; }
    "alloc" => { let v: Vec<u8> = Vec::with_capacity(1<<46); println!("{}", v.len()); }
    "sort" => { let mut v: Vec<i32> = (0..100).collect(); let mut c = 0; v.sort_by(|_, _| { c += 1; if c % 3 == 0 { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater } }); }
    "exit" => std::process::exit(3),
    "abort" => std::process::abort(),
    _ => {}
  }
  Ok(())
}
