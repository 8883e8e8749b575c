use graven::model;

model! { pub Net[const H: usize] < Dense(4 -> H, rleu), Dense(2) > }

fn main() { let _ = Net::<8>::init(1).predict(&[0.0; 4])[1]; }
