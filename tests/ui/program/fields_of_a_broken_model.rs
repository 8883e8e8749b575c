use graven::model;

model! { pub Net(x: 3) -> (a, b) < a = Dense(3), b = Dence(2) > }

fn main() { let y = Net::init(1).predict(&[0.0; 3]); let _: NetOutput = y; let _ = Net::LAYERS; }
