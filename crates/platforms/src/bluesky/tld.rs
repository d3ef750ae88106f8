//! Which endings make a name a domain when nobody wrote `https://` before it.

/// The countries' endings.
const COUNTRIES: &str = "\
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv \
bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es \
et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu \
id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt \
lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no \
np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si \
sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk \
us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw";

/// The general endings that people use. An ending that is missing costs a link only where its
/// author left out `https://`.
const GENERAL: &str = "\
academy accountants actor adult aero africa agency amsterdam apartments app arpa art arte asia \
associates attorney auction audio auto autos baby band bank bar barcelona bargains bayern beauty \
beer berlin best bet bid bike bingo bio biz black blog blue boats bond boo book boston boutique \
brussels build builders business buzz bzh cab cafe cam camera camp capital car cards care career \
careers cars casa cash casino cat catering center ceo channel charity chat cheap christmas church \
city claims cleaning click clinic clothing cloud club coach codes coffee college cologne com \
community company computer condos construction consulting contact contractors cooking cool coop \
country coupons courses credit creditcard cricket cruises dad dance date dating day deals degree \
delivery democrat dental dentist design dev diamonds diet digital direct directory discount \
doctor dog domains download earth eco edu education email energy engineer engineering enterprises \
equipment esq estate eus events exchange expert exposed express fail faith family fan fans farm \
fashion feedback film finance financial fish fishing fit fitness flights florist flowers fly foo \
football forex forsale forum foundation frl fun fund furniture futbol fyi gal gallery game games \
garden gay gent gift gifts gives glass global gmbh gold golf google gov graphics gratis green gripe \
group guide guitars guru hair hamburg haus health healthcare help hiphop hiv hockey holdings \
holiday homes horse hospital host hosting house how icu immo immobilien inc industries info ing \
ink institute insurance insure int international investments irish ist istanbul jetzt jewelry \
jobs joburg juegos kaufen kim kitchen kiwi koeln krd land lat law lawyer lease legal lgbt life \
lighting limited limo link live llc loan loans lol london lotto love ltd luxe luxury madrid maison \
makeup management map market marketing markets mba media melbourne meme memorial men menu miami \
mil mobi moda moe mom money monster mortgage moscow motorcycles mov movie museum music nagoya name \
navy net network new news nexus ngo ninja nrw nyc observer okinawa one ong onl online ooo org \
organic osaka ovh page paris partners parts party pet phd photo photography photos pics pictures \
pink pizza place plumbing plus poker porn post press pro productions prof promo properties \
property pub quebec quest racing radio realestate realtor recipes red rehab reise reisen rent \
rentals repair report republican rest restaurant review reviews rip rocks rodeo rsvp rugby ruhr \
run saarland sale salon sarl scholarships school schule science scot security services sex sexy \
shiksha shoes shop shopping show singles site ski skin soccer social software solar solutions \
soy space spot store stream studio study style sucks supplies supply support surf surgery swiss \
sydney systems taipei tattoo tax taxi team tech technology tel tennis theater theatre tickets \
tienda tips tires tirol today tokyo tools top tours town toys trade trading training travel tube \
university uno vacations vegas ventures versicherung vet viajes video villas vin vip vision vlaanderen \
vodka vote voting voyage wales wang watch watches webcam website wed wedding wien wiki win wine \
work works world wtf xxx xyz yachts yoga yokohama you zip zone zuerich";

/// Whether `label` is the last part of real domains.
pub(super) fn is_known(label: &str) -> bool {
    let label = label.to_ascii_lowercase();
    let mut endings = COUNTRIES.split(' ').chain(GENERAL.split(' '));
    endings.any(|ending| ending == label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_endings_are_known_in_any_case() {
        for label in ["com", "ORG", "pl", "app", "social", "zw", "zuerich", "academy"] {
            assert!(is_known(label), "{label}");
        }
        for label in ["", "txt", "g", "14", "test", "com org"] {
            assert!(!is_known(label), "{label}");
        }
    }
}
